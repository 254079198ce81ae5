import type { Statement } from '../sql'

export const MEMBER = `m.member_id as id, m.first_name as "firstName", m.last_name as "lastName", m.email, m.mobile, m.status,
  m.joined_at as "joinedAt", m.attributes`

/** The membership in the tenant's default program, for the tier that a member shows. */
export const DEFAULT_MEMBERSHIP = `left join memberships d on d.tenant_id = m.tenant_id and d.member_id = m.member_id
  and d.program_id = (select program_id from programs where tenant_id = $1 and is_default)`

/** The tier of a membership as of now: the clock may have moved it before anybody carried that out. */
export const tierOf = (membership: string): string =>
  `case when ${membership}.tier_due is null then ${membership}.tier_id else tier_now_v1(${membership}) end`

/** The membership in a program. */
export const membershipIn = (program: string): string => `left join memberships d on d.tenant_id = m.tenant_id
  and d.member_id = m.member_id and d.program_id = ${program}::bigint`

/** The same, looked up for each member: a page needs few, and a plan that does not know its size would read them all. */
export const membershipOfEachIn = (program: string): string => `left join lateral (
    select ${tierOf('d')} as tier_id from memberships d where d.tenant_id = m.tenant_id and d.member_id = m.member_id
       and d.program_id = ${program}::bigint
     limit 1
  ) d on true`

/**
 * The member behind the key k(door, type, source, account, normalized). The door \`member\` stands for our own
 * numbers, which need no row; a null source or account matches whichever came first.
 */
export const MEMBER_OF_KEY = `cross join lateral (
    select i.member_id from member_identities i
    where i.tenant_id = $1 and i.door = k.door and i.type = k.type and i.normalized = k.normalized
      and (k.source is null or i.source = k.source) and (k.account is null or i.account = k.account)
    union all
    select k.normalized::bigint where k.door = 'member' and k.normalized ~ '^[1-9][0-9]{0,15}$'
    limit 1
  ) found
  join members m on m.tenant_id = $1 and m.member_id = found.member_id`

const KEYS = `unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
  with ordinality as k(door, type, source, account, normalized, ord)`

export const FIND_BY_IDS: Statement = {
  name: 'members_by_id',
  text: `select ${MEMBER}, ${tierOf('d')} as "tierId" from members m ${DEFAULT_MEMBERSHIP}
    where m.tenant_id = $1 and m.member_id = any($2::bigint[])`,
}

export const FIND_BY_IDENTITIES: Statement = {
  name: 'members_by_identity',
  text: `select k.ord, ${MEMBER}, ${tierOf('d')} as "tierId" from ${KEYS} ${MEMBER_OF_KEY} ${DEFAULT_MEMBERSHIP}`,
}

/** A program that came after the member has no membership yet: nothing spent, no tier. */
export const FIND_IN_PROGRAM: Statement = {
  name: 'member_in_program',
  text: `select ${MEMBER}, ${tierOf('d')} as "defaultTierId", m.member_id as "memberId", $7::bigint as "programId",
      ${tierOf('ms')} as "tierId", coalesce(ms.spend, 0) as spend
    from ${KEYS} ${MEMBER_OF_KEY} ${DEFAULT_MEMBERSHIP}
    left join memberships ms on ms.tenant_id = $1 and ms.member_id = m.member_id and ms.program_id = $7::bigint`,
}

export const MEMBERSHIPS: Statement = {
  name: 'memberships_of',
  text: `select member_id as "memberId", program_id as "programId", ${tierOf('ms')} as "tierId", spend from memberships ms
    where tenant_id = $1 and member_id = any($2::bigint[]) and program_id = $3::bigint`,
}

export const IDENTITIES_OF: Statement = {
  name: 'identities_of',
  text: `select member_id as "memberId", door, type, source, account, value from member_identities
    where tenant_id = $1 and member_id = any($2::bigint[]) order by member_id, identity_id`,
}

export const IDENTITIES_LIKE: Statement = {
  name: 'identities_like',
  text: `select i.member_id as "memberId", i.door, i.type, i.source, i.account, i.value
    from unnest($2::text[], $3::text[], $4::text[]) as k(door, type, normalized)
    join member_identities i on i.tenant_id = $1 and i.door = k.door and i.type = k.type and i.normalized = k.normalized
    order by i.identity_id`,
}

/** In one order, so that no two registrations wait for each other in a circle. */
export const LOCK_IDENTITIES: Statement = {
  name: 'lock_identities',
  text: `select pg_advisory_xact_lock(k.lock) from (
      select distinct hashtextextended(door || ':' || type || ':' || normalized, $1::bigint) as lock
        from unnest($2::text[], $3::text[], $4::text[]) as k(door, type, normalized) order by 1
    ) k`,
}

/** Two enrollments that name the same value wait for each other here; a collision of hashes only makes them wait. */
export const LOCK_LINK: Statement = {
  name: 'lock_link',
  text: `select pg_advisory_xact_lock(hashtextextended($2 || ':' || $3, $1::bigint))`,
}

export const FIND_LINK: Statement = {
  name: 'find_link',
  text: `select member_id as "memberId" from member_links where tenant_id = $1 and kind = $2 and normalized = $3`,
}

export const ADD: Statement = {
  name: 'add_member',
  text: `with member as (
      insert into members (tenant_id, member_id, first_name, last_name, email, mobile, status, joined_at, attributes, set_by)
      values ($1, coalesce($2::bigint, nextval(pg_get_serial_sequence('members', 'member_id'))), $3, $4, $5, $6, $7, $8, $9, $10)
      returning member_id
    ), places as (
      insert into memberships (tenant_id, member_id, program_id, tier_id)
      select $1, member_id, program_id, tier_id from member, unnest($11::bigint[], $12::bigint[]) as p(program_id, tier_id)
    )
    select member_id as id from member`,
}

/** $3 names the fields to change: a null value then empties the field. */
export const UPDATE: Statement = {
  name: 'update_member',
  text: `update members set
      first_name = case when 'firstName' = any($3::text[]) then $4 else first_name end,
      last_name  = case when 'lastName' = any($3::text[]) then $5 else last_name end,
      email      = case when 'email' = any($3::text[]) then $6 else email end,
      mobile     = case when 'mobile' = any($3::text[]) then $7 else mobile end,
      status     = coalesce($8, status),
      attributes = attributes || $9::jsonb,
      set_by     = set_by || $10::jsonb
    where tenant_id = $1 and member_id = $2::bigint`,
}

/** Answers whose each identity is afterwards. The no-op update makes a row of a concurrent enrollment visible, too. */
export const ADD_IDENTITIES: Statement = {
  name: 'add_identities',
  text: `insert into member_identities (tenant_id, member_id, door, type, source, account, value, normalized)
    select $1::integer, $2::bigint, door, type, source, account, value, normalized from (
      select distinct on (door, type, normalized, source, account) *
      from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
        with ordinality as i(door, type, source, account, value, normalized, ord)
      order by door, type, normalized, source, account, ord
    ) d order by ord
    on conflict (tenant_id, door, type, normalized, source, account) do update set value = member_identities.value
    returning type, member_id as "memberId"`,
}

export const ANNOUNCE: Statement = {
  name: 'announce_member',
  text: `insert into outbox (tenant_id, topic, lane, payload)
    values ($1, 'member.changed', 'member:' || $2::text, jsonb_build_object('memberId', $2::text))`,
}

export const REMOVE_IDENTITIES: Statement = {
  name: 'remove_identities',
  text: `delete from member_identities i
    using unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) as k(door, type, source, account, normalized)
    where i.tenant_id = $1 and i.member_id = $2::bigint and i.door = k.door and i.type = k.type and i.source = k.source
      and i.account = k.account and i.normalized = k.normalized`,
}

export const REMOVE_LINKS: Statement = {
  name: 'remove_links',
  text: `delete from member_links l using unnest($3::text[], $4::text[]) as k(kind, normalized)
    where l.tenant_id = $1 and l.member_id = $2::bigint and l.kind = k.kind and l.normalized = k.normalized`,
}

export const ADD_LINKS: Statement = {
  name: 'add_links',
  text: `insert into member_links (tenant_id, member_id, kind, normalized)
    select $1, $2::bigint, kind, normalized from unnest($3::text[], $4::text[]) as l(kind, normalized)
    on conflict do nothing`,
}

/** Makes the membership of a program that came after the member. */
export const ADD_SPEND: Statement = {
  name: 'add_spend',
  text: `insert into memberships as ms (tenant_id, member_id, program_id, spend) values ($1, $2::bigint, $3::bigint, $4::numeric)
    on conflict (tenant_id, member_id, program_id) do update set spend = ms.spend + excluded.spend
    returning member_id as "memberId", program_id as "programId", tier_id as "tierId", spend`,
}

export const PREVIOUS_TIER: Statement = {
  name: 'previous_tier',
  text: `select case when ms.tier_due is not null and tier_now_v1(ms) is distinct from tier_id then tier_id
                else previous_tier_id end as "tierId" from memberships ms
    where tenant_id = $1 and member_id = $2::bigint and program_id = $3::bigint`,
}

export const SET_TIER: Statement = {
  name: 'set_tier',
  text: `update memberships set tier_id = $4::bigint, previous_tier_id = tier_id where tenant_id = $1 and member_id = $2::bigint and program_id = $3::bigint`,
}
