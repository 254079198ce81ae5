import type { LinkingKey } from '../../domain/programs/tenant'
import { InvalidAmount } from '../../domain/shared/errors'
import type { MemberId, ProgramId, TenantId, TierId } from '../../domain/shared/ids'
import type { Instant } from '../../domain/shared/instant'
import type { JsonObject } from '../../domain/shared/json'
import type { Amount } from '../../domain/shared/money'
import type { Page } from '../../domain/shared/pages'
import { present } from '../../domain/shared/present'
import { IdentityTaken } from '../../domain/members/errors'
import {
  type Identity,
  type IdentityKey,
  type Member,
  type MemberStatus,
  normalizedIdentity,
} from '../../domain/members/member'
import type {
  IdentityLike,
  MemberChanges,
  MemberInProgram,
  MemberPageRequest,
  MemberStore,
  Membership,
  NewMember,
  NewMembership,
} from '../../domain/members/member-store'
import { amountOf } from '../columns'
import type { Connection } from '../sql'
import { sqlState } from '../sql-errors'
import { memberPage } from './member-page'
import * as statements from './member-statements'

/** Members, their identities and memberships in PostgreSQL. */
export class PostgresMemberStore implements MemberStore {
  constructor(private readonly connection: Connection) {}

  async findByIds(tenant: TenantId, ids: readonly MemberId[]): Promise<readonly Member[]> {
    return this.connection.sql.rows<Member>(statements.FIND_BY_IDS, [tenant, ids])
  }

  async findByIdentities(
    tenant: TenantId,
    keys: readonly IdentityKey[],
  ): Promise<readonly (Member | null)[]> {
    const found = await this.connection.sql.rows<Member & { ord: string }>(statements.FIND_BY_IDENTITIES, [
      tenant,
      ...identityColumns(keys),
    ])
    const byPosition = new Map(found.map(({ ord, ...member }) => [Number(ord) - 1, member]))
    return keys.map((_, index) => byPosition.get(index) ?? null)
  }

  async page(tenant: TenantId, request: MemberPageRequest): Promise<Page<Member>> {
    const { first } = request
    const { statement, values } = memberPage(tenant, request)
    const rows = await this.connection.sql.rows<Member>(statement, values)
    return { rows: rows.slice(0, first), hasNext: rows.length > first }
  }

  async findInProgram(
    tenant: TenantId,
    key: IdentityKey,
    program: ProgramId,
  ): Promise<MemberInProgram | null> {
    const rows = await this.connection.sql.rows<InProgramRow>(statements.FIND_IN_PROGRAM, [
      tenant,
      ...identityColumns([key]),
      program,
    ])
    return rows[0] ? toMemberInProgram(rows[0]) : null
  }

  async findInProgramById(
    tenant: TenantId,
    id: MemberId,
    program: ProgramId,
  ): Promise<MemberInProgram | null> {
    return this.findInProgram(
      tenant,
      { door: 'member', type: 'id', source: null, account: null, value: id },
      program,
    )
  }

  async memberships(
    tenant: TenantId,
    members: readonly MemberId[],
    program: ProgramId,
  ): Promise<readonly Membership[]> {
    const rows = await this.connection.sql.rows<MembershipRow>(statements.MEMBERSHIPS, [
      tenant,
      members,
      program,
    ])
    return rows.map(toMembership)
  }

  async identitiesOf(tenant: TenantId, members: readonly MemberId[]): Promise<readonly Identity[]> {
    return this.connection.sql.rows<Identity>(statements.IDENTITIES_OF, [tenant, members])
  }

  async identitiesLike(tenant: TenantId, keys: readonly IdentityLike[]): Promise<readonly Identity[]> {
    return this.connection.sql.rows<Identity>(statements.IDENTITIES_LIKE, [tenant, ...likeColumns(keys)])
  }

  async lockIdentities(tenant: TenantId, keys: readonly IdentityLike[]): Promise<void> {
    await this.connection.sql.rows(statements.LOCK_IDENTITIES, [tenant, ...likeColumns(keys)])
  }

  async claimLink(tenant: TenantId, kind: LinkingKey, value: string): Promise<MemberId | null> {
    const normalized = normalizedIdentity(kind, value)
    await this.connection.sql.rows(statements.LOCK_LINK, [tenant, kind, normalized])
    const rows = await this.connection.sql.rows<{ memberId: MemberId }>(statements.FIND_LINK, [
      tenant,
      kind,
      normalized,
    ])
    return rows[0]?.memberId ?? null
  }

  async add(
    tenant: TenantId,
    member: NewMember,
    memberships: readonly NewMembership[],
    door: string,
  ): Promise<Member> {
    const rows = await this.connection.sql.rows<{ id: MemberId }>(statements.ADD, [
      tenant,
      member.id,
      member.firstName,
      member.lastName,
      member.email,
      member.mobile,
      member.status,
      member.joinedAt,
      member.attributes,
      setBy(member, door),
      memberships.map(({ programId }) => programId),
      memberships.map(({ tierId }) => tierId),
    ])
    return this.one(tenant, present(rows[0], 'the new member').id)
  }

  async update(tenant: TenantId, id: MemberId, changes: MemberChanges, door: string): Promise<Member> {
    await this.connection.sql.rows(statements.UPDATE, [
      tenant,
      id,
      Object.keys(changes),
      changes.firstName ?? null,
      changes.lastName ?? null,
      changes.email ?? null,
      changes.mobile ?? null,
      changes.status ?? null,
      changes.attributes ?? {},
      setBy(changes, door),
    ])
    return this.one(tenant, id)
  }

  async addIdentities(
    tenant: TenantId,
    id: MemberId,
    identities: readonly Omit<Identity, 'memberId'>[],
  ): Promise<void> {
    if (identities.length === 0) return
    const rows = await this.connection.sql.rows<{ type: string; memberId: MemberId }>(
      statements.ADD_IDENTITIES,
      [
        tenant,
        id,
        identities.map(({ door }) => door),
        identities.map(({ type }) => type),
        identities.map(({ source }) => source),
        identities.map(({ account }) => account),
        identities.map(({ value }) => value.trim()),
        identities.map(({ type, value }) => normalizedIdentity(type, value)),
      ],
    )
    const foreign = rows.find(({ memberId }) => memberId !== id)
    if (foreign) throw new IdentityTaken(foreign.type)
  }

  async announce(tenant: TenantId, id: MemberId): Promise<void> {
    await this.connection.sql.rows(statements.ANNOUNCE, [tenant, id])
  }

  async removeIdentities(
    tenant: TenantId,
    id: MemberId,
    identities: readonly Omit<Identity, 'memberId'>[],
  ): Promise<void> {
    await this.connection.sql.rows(statements.REMOVE_IDENTITIES, [tenant, id, ...identityColumns(identities)])
  }

  async removeLinks(
    tenant: TenantId,
    id: MemberId,
    links: readonly { readonly kind: LinkingKey; readonly value: string }[],
  ): Promise<void> {
    if (links.length > 0)
      await this.connection.sql.rows(statements.REMOVE_LINKS, linkValues(tenant, id, links))
  }

  async addLinks(
    tenant: TenantId,
    id: MemberId,
    links: readonly { readonly kind: LinkingKey; readonly value: string }[],
  ): Promise<void> {
    if (links.length > 0) await this.connection.sql.rows(statements.ADD_LINKS, linkValues(tenant, id, links))
  }

  async addSpend(tenant: TenantId, id: MemberId, program: ProgramId, spend: Amount): Promise<Membership> {
    try {
      const rows = await this.connection.sql.rows<MembershipRow>(statements.ADD_SPEND, [
        tenant,
        id,
        program,
        spend,
      ])
      return toMembership(present(rows[0], 'the membership'))
    } catch (error) {
      throw sqlState(error) === NUMERIC_VALUE_OUT_OF_RANGE ? new InvalidAmount('spend', spend) : error
    }
  }

  async previousTier(tenant: TenantId, id: MemberId, program: ProgramId): Promise<TierId | null> {
    const [row] = await this.connection.sql.rows<{ tierId: TierId | null }>(statements.PREVIOUS_TIER, [
      tenant,
      id,
      program,
    ])
    return row?.tierId ?? null
  }

  async setTier(tenant: TenantId, id: MemberId, program: ProgramId, tier: TierId | null): Promise<void> {
    await this.connection.sql.rows(statements.SET_TIER, [tenant, id, program, tier])
  }

  private async one(tenant: TenantId, id: MemberId): Promise<Member> {
    const [member] = await this.findByIds(tenant, [id])
    return present(member, 'the member')
  }
}

const NUMERIC_VALUE_OUT_OF_RANGE = '22003'

export interface MembershipRow {
  readonly memberId: MemberId
  readonly programId: ProgramId
  readonly tierId: TierId | null
  readonly spend: string
}

export interface InProgramRow extends MembershipRow {
  readonly id: MemberId
  readonly firstName: string | null
  readonly lastName: string | null
  readonly email: string | null
  readonly mobile: string | null
  readonly status: MemberStatus
  readonly joinedAt: Instant
  readonly attributes: JsonObject
  readonly defaultTierId: TierId | null
}

const toMembership = ({ memberId, programId, tierId, spend }: MembershipRow): Membership => ({
  memberId,
  programId,
  tierId,
  spend: amountOf(spend),
})

export const toMemberInProgram = (row: InProgramRow): MemberInProgram => ({
  member: {
    id: row.id,
    firstName: row.firstName,
    lastName: row.lastName,
    email: row.email,
    mobile: row.mobile,
    status: row.status,
    joinedAt: row.joinedAt,
    attributes: row.attributes,
    tierId: row.defaultTierId,
  },
  membership: toMembership(row),
})

export const identityColumns = (keys: readonly IdentityKey[]): readonly unknown[] => [
  keys.map(({ door }) => door),
  keys.map(({ type }) => type),
  keys.map(({ source }) => source),
  keys.map(({ account }) => account),
  keys.map(({ type, value }) => normalizedIdentity(type, value)),
]

const linkValues = (
  tenant: TenantId,
  id: MemberId,
  links: readonly { readonly kind: LinkingKey; readonly value: string }[],
): readonly unknown[] => [
  tenant,
  id,
  links.map(({ kind }) => kind),
  links.map(({ kind, value }) => normalizedIdentity(kind, value)),
]

const likeColumns = (keys: readonly IdentityLike[]): readonly unknown[] => [
  keys.map(({ door }) => door),
  keys.map(({ type }) => type),
  keys.map(({ type, value }) => normalizedIdentity(type, value)),
]

const REMEMBERED = ['firstName', 'lastName', 'email', 'mobile', 'status'] as const

/** Field name to the door that sets it now, for the fields that have a value. */
const setBy = (fields: Partial<Pick<NewMember, (typeof REMEMBERED)[number]>>, door: string): JsonObject =>
  Object.fromEntries(
    REMEMBERED.filter((name) => fields[name] !== undefined && fields[name] !== null).map((name) => [
      name,
      door,
    ]),
  )
