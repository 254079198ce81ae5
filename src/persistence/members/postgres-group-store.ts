import type { Group, GroupMember, GroupStore, NewGroup } from '../../domain/members/group'
import type { MemberId, TenantId } from '../../domain/shared/ids'
import { present } from '../../domain/shared/present'
import type { Connection, Statement } from '../sql'

/** Groups and who is in them. */
export class PostgresGroupStore implements GroupStore {
  constructor(private readonly connection: Connection) {}

  async put(
    tenant: TenantId,
    { key, name, owner, members }: NewGroup,
  ): Promise<'created' | 'updated' | 'unchanged'> {
    const [group] = await this.connection.sql.rows<{ id: string; created: boolean; changed: boolean }>(PUT, [
      tenant,
      key,
      name,
    ])
    const { id, created, changed } = present(group, 'the group just written')
    const [moved] = await this.connection.sql.rows<{ count: string }>(PUT_MEMBERS, [
      tenant,
      id,
      members,
      owner,
    ])
    if (created) return 'created'
    return changed || Number(moved?.count) > 0 ? 'updated' : 'unchanged'
  }

  async findByKey(tenant: TenantId, key: string): Promise<Group | null> {
    const [group] = await this.connection.sql.rows<Group>(BY_KEY, [tenant, key])
    return group ?? null
  }

  async findByIds(tenant: TenantId, ids: readonly string[]): Promise<readonly Group[]> {
    return this.connection.sql.rows<Group>(BY_IDS, [tenant, ids])
  }

  async membersOf(tenant: TenantId, ids: readonly string[]): Promise<readonly GroupMember[]> {
    return this.connection.sql.rows<GroupMember>(MEMBERS_OF, [tenant, ids])
  }

  async create(tenant: TenantId, { key, name }: Omit<Group, 'id'>): Promise<Group | null> {
    const [group] = await this.connection.sql.rows<Group>(CREATE, [tenant, key, name])
    return group ?? null
  }

  async lock(tenant: TenantId, key: string): Promise<Group | null> {
    const [group] = await this.connection.sql.rows<Group>(LOCK, [tenant, key])
    return group ?? null
  }

  async join(tenant: TenantId, { groupId, memberId, isOwner }: GroupMember): Promise<void> {
    await this.connection.sql.rows(JOIN, [tenant, groupId, memberId, isOwner])
  }

  async leave(tenant: TenantId, member: MemberId): Promise<void> {
    await this.connection.sql.rows(LEAVE, [tenant, member])
  }

  async groupsOf(tenant: TenantId, members: readonly MemberId[]) {
    const rows = await this.connection.sql.rows<Group & { memberId: MemberId }>(OF_MEMBERS, [tenant, members])
    return rows.map(({ memberId, ...group }) => ({ memberId, group }))
  }
}

const GROUP = `g.group_id as id, g.key, g.name`

const PUT: Statement = {
  name: 'group_put',
  text: `with written as (
      insert into groups as g (tenant_id, key, name) values ($1::integer, $2, $3)
      on conflict (tenant_id, key) do update set name = excluded.name where g.name <> excluded.name
      returning group_id, xmax = 0 as created)
    select group_id as id, created, true as changed from written
    union all
    select group_id, false, false from groups where tenant_id = $1 and key = $2 and not exists (select from written)`,
}

const PUT_MEMBERS: Statement = {
  name: 'group_put_members',
  text: `with gone as (
      delete from group_members where tenant_id = $1::integer and group_id = $2::bigint and member_id <> all($3::bigint[])
      returning 1),
    written as (
      insert into group_members as m (tenant_id, member_id, group_id, is_owner)
      select $1::integer, member_id, $2::bigint, member_id = $4::bigint from unnest($3::bigint[]) as t(member_id)
      on conflict (tenant_id, member_id) do update set group_id = excluded.group_id, is_owner = excluded.is_owner
      where (m.group_id, m.is_owner) is distinct from (excluded.group_id, excluded.is_owner)
      returning 1)
    select (select count(*) from gone) + (select count(*) from written) as count`,
}

const BY_KEY: Statement = {
  name: 'group_by_key',
  text: `select ${GROUP} from groups g where g.tenant_id = $1 and g.key = $2`,
}

const BY_IDS: Statement = {
  name: 'groups_by_id',
  text: `select ${GROUP} from groups g where g.tenant_id = $1 and g.group_id = any($2::bigint[])`,
}

const MEMBERS_OF: Statement = {
  name: 'group_members_of',
  text: `select group_id as "groupId", member_id as "memberId", is_owner as "isOwner" from group_members
    where tenant_id = $1 and group_id = any($2::bigint[]) order by group_id, is_owner desc, member_id`,
}

const OF_MEMBERS: Statement = {
  name: 'groups_of_members',
  text: `select m.member_id as "memberId", ${GROUP}
    from group_members m join groups g on g.tenant_id = m.tenant_id and g.group_id = m.group_id
    where m.tenant_id = $1 and m.member_id = any($2::bigint[])`,
}

const CREATE: Statement = {
  name: 'group_create',
  text: `insert into groups as g (tenant_id, key, name) values ($1, $2, $3) on conflict (tenant_id, key) do nothing
    returning ${GROUP}`,
}

const LOCK: Statement = { name: 'group_lock', text: `${BY_KEY.text} for update` }

const JOIN: Statement = {
  name: 'group_join',
  text: `insert into group_members (tenant_id, member_id, group_id, is_owner) values ($1, $3::bigint, $2::bigint, $4)
    on conflict (tenant_id, member_id) do update set group_id = excluded.group_id, is_owner = excluded.is_owner`,
}

const LEAVE: Statement = {
  name: 'group_leave',
  text: `delete from group_members where tenant_id = $1 and member_id = $2::bigint`,
}
