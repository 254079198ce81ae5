import type { Statement } from '../sql'

export const LOCK: Statement = {
  name: 'setup_lock',
  text: `select pg_advisory_xact_lock(hashtext('loyalty setup'))`,
}

export const TAKEN: Statement = {
  name: 'setup_taken',
  text: `select 'doors' as kind, d.door || ' ' || d.external_id as name, t.key as holder from doors d join tenants t using (tenant_id)
    union all select 'tills', l.code, t.key from tills l join tenants t using (tenant_id)
    union all select 'oauthClients', c.client_key, t.key from oauth_clients c join tenants t using (tenant_id)
    union all select 'apiKeyHashes', k.key_hash, t.key from api_keys k join tenants t using (tenant_id)
    union all select 'programIds', t.key || ' ' || p.key, p.program_id::text from programs p join tenants t using (tenant_id)`,
}

export const UPSERT_TENANT: Statement = {
  name: 'setup_tenant',
  text: `with written as (
      insert into tenants as t (key, name, sandbox, time_zone, currency, identity_linking) values ($1, $2, $3, $4, $5, $6)
      on conflict (key) do update set name = excluded.name, sandbox = excluded.sandbox, time_zone = excluded.time_zone,
        currency = excluded.currency, identity_linking = excluded.identity_linking,
        -- What is no sandbox any more lives in real time.
        clock_offset_ms = case when excluded.sandbox then t.clock_offset_ms else 0 end
      where (t.name, t.sandbox, t.time_zone, t.currency, t.identity_linking)
        is distinct from (excluded.name, excluded.sandbox, excluded.time_zone, excluded.currency, excluded.identity_linking)
      returning tenant_id, xmax = 0 as created
    )
    select tenant_id as "tenantId", created, true as changed from written
    union all
    select tenant_id, false, false from tenants where key = $1 and not exists (select from written)`,
}

export const AMEND_DOOR: Statement = {
  name: 'setup_amend_door',
  text: `update doors set settings = settings || jsonb_build_object($3::text, coalesce(settings -> $3, '{}') || $4::jsonb)
    where tenant_id = $1 and door = $2`,
}

export const RAISE_VERSION: Statement = {
  name: 'setup_raise_version',
  text: `update tenants set setup_version = setup_version + 1 where tenant_id = $1`,
}

/** How many rows a statement made and changed: a row that an upsert inserted has no xmax yet. */
const COUNTED = `(select count(*) from written where created) as created, (select count(*) from written where not created) as updated`

export const API_KEYS: Statement = {
  name: 'setup_api_keys',
  text: `with wanted as (select * from jsonb_to_recordset($2::jsonb) as w(name text, "keyHash" text, scopes text[])),
    written as (
      insert into api_keys as k (tenant_id, name, key_hash, scopes) select $1::integer, name, "keyHash", scopes from wanted
      on conflict (tenant_id, name) do update set key_hash = excluded.key_hash, scopes = excluded.scopes
      where (k.key_hash, k.scopes) is distinct from (excluded.key_hash, excluded.scopes)
      returning xmax = 0 as created),
    removed as (
      -- A key whose name is not mentioned goes when asked to prune, or when the document gives it another name.
      delete from api_keys where tenant_id = $1 and name not in (select name from wanted)
        and ($3::boolean or key_hash in (select "keyHash" from wanted)) returning 1)
    select ${COUNTED}, (select count(*) from removed) as removed`,
}

export const DOORS: Statement = {
  name: 'setup_doors',
  text: `with wanted as (
      select name, "externalId" as external_id, settings,
        (select coalesce(array_agg(decode(s, 'base64') order by n), '{}') from unnest(secrets) with ordinality as u(s, n)) as secrets
      from jsonb_to_recordset($2::jsonb) as w(name text, "externalId" text, settings jsonb, secrets text[])),
    written as (
      insert into doors as d (tenant_id, door, external_id, settings, secrets)
      select $1::integer, name, external_id, settings, secrets from wanted
      on conflict (tenant_id, door) do update
        set external_id = excluded.external_id, settings = excluded.settings, secrets = excluded.secrets
      where (d.external_id, d.settings, d.secrets) is distinct from (excluded.external_id, excluded.settings, excluded.secrets)
      returning xmax = 0 as created)
    select ${COUNTED}, 0 as removed where $3::boolean is not null`,
}

export const STORES: Statement = {
  name: 'setup_stores',
  text: `with wanted as (
      select * from jsonb_to_recordset($2::jsonb) as w(door text, code text, name text, "externalIds" text[], attributes jsonb)),
    written as (
      insert into stores as s (tenant_id, door, code, name, external_ids, attributes)
      select $1::integer, door, code, name, "externalIds", attributes from wanted
      on conflict (tenant_id, door, code) do update
        set name = excluded.name, external_ids = excluded.external_ids, attributes = excluded.attributes, retired = false
      where (s.name, s.external_ids, s.attributes, s.retired) is distinct from (excluded.name, excluded.external_ids, excluded.attributes, false)
      returning xmax = 0 as created),
    removed as (
      update stores set retired = true where tenant_id = $1 and $3::boolean and not retired
        and (door, code) not in (select door, code from wanted) returning 1)
    select ${COUNTED}, (select count(*) from removed) as removed`,
}

export const TILLS: Statement = {
  name: 'setup_tills',
  text: `with wanted as (
      select * from jsonb_to_recordset($2::jsonb) as w(code text, door text, "shopCode" text, "passwordHash" text)),
    written as (
      insert into tills as l (tenant_id, code, store_id, password_hash)
      select $1::integer, w.code, s.store_id, w."passwordHash"
      from wanted w join stores s on s.tenant_id = $1 and s.door = w.door and s.code = w."shopCode"
      on conflict (tenant_id, code) do update
        set store_id = excluded.store_id, password_hash = excluded.password_hash, retired = false
      where (l.store_id, l.password_hash, l.retired) is distinct from (excluded.store_id, excluded.password_hash, false)
      returning xmax = 0 as created),
    removed as (
      update tills set retired = true where tenant_id = $1 and $3::boolean and not retired
        and code not in (select code from wanted) returning 1)
    select ${COUNTED}, (select count(*) from removed) as removed`,
}

export const OAUTH_CLIENTS: Statement = {
  name: 'setup_oauth_clients',
  text: `with wanted as (
      select * from jsonb_to_recordset($2::jsonb) as w(key text, "secretHash" text, "ttlSeconds" integer, "tillCode" text, permissions jsonb)),
    written as (
      insert into oauth_clients as c (tenant_id, client_key, secret_hash, ttl_seconds, till_code, permissions)
      select $1::integer, key, "secretHash", "ttlSeconds", "tillCode", permissions from wanted
      on conflict (tenant_id, client_key) do update
        set secret_hash = excluded.secret_hash, ttl_seconds = excluded.ttl_seconds, till_code = excluded.till_code,
            permissions = excluded.permissions
      where (c.secret_hash, c.ttl_seconds, c.till_code, c.permissions)
        is distinct from (excluded.secret_hash, excluded.ttl_seconds, excluded.till_code, excluded.permissions)
      returning xmax = 0 as created),
    removed as (
      delete from oauth_clients where tenant_id = $1 and $3::boolean and client_key not in (select key from wanted) returning 1)
    select ${COUNTED}, (select count(*) from removed) as removed`,
}

export const DEMOTE_PROGRAMS: Statement = {
  name: 'setup_demote_programs',
  text: `update programs set is_default = false where tenant_id = $1 and is_default and key <> $2`,
}

export const PROGRAMS: Statement = {
  name: 'setup_programs',
  text: `with wanted as (
      select * from jsonb_to_recordset($2::jsonb) as w("programId" bigint, key text, title text, "isDefault" boolean,
        "pointsDecimals" smallint, "pointsToCurrency" numeric, rules jsonb)),
    written as (
      insert into programs as p (tenant_id, program_id, key, title, is_default, points_decimals, points_to_currency, rules)
      select $1::integer, "programId", key, title, "isDefault", "pointsDecimals", "pointsToCurrency", rules from wanted
      on conflict (tenant_id, program_id) do update
        set title = excluded.title, is_default = excluded.is_default, points_decimals = excluded.points_decimals,
          points_to_currency = excluded.points_to_currency, rules = excluded.rules, retired = false
      where (p.title, p.is_default, p.points_decimals, p.points_to_currency, p.rules, p.retired) is distinct from
        (excluded.title, excluded.is_default, excluded.points_decimals, excluded.points_to_currency, excluded.rules, false)
      returning xmax = 0 as created),
    removed as (
      update programs set retired = true, is_default = false where tenant_id = $1 and $3::boolean and not retired
        and key not in (select key from wanted) returning 1)
    select ${COUNTED}, (select count(*) from removed) as removed`,
}

export const TIERS: Statement = {
  name: 'setup_tiers',
  text: `with wanted as (
      select * from jsonb_to_recordset($2::jsonb) as w("programId" bigint, rank integer, name text, "minLifetimePoints" bigint,
        "minSpend" numeric, "minPeriodPoints" bigint, "minPeriodSpend" numeric, "purchaseRatio" numeric)),
    written as (
      insert into tiers as r (tenant_id, program_id, rank, name, min_lifetime_points, min_spend, min_period_points,
        min_period_spend, purchase_ratio)
      select $1::integer, "programId", rank, name, "minLifetimePoints", "minSpend", "minPeriodPoints", "minPeriodSpend",
             "purchaseRatio" from wanted
      on conflict (tenant_id, program_id, name) do update
        set rank = excluded.rank, min_lifetime_points = excluded.min_lifetime_points, min_spend = excluded.min_spend,
          min_period_points = excluded.min_period_points, min_period_spend = excluded.min_period_spend,
          purchase_ratio = excluded.purchase_ratio, retired = false
      where (r.rank, r.min_lifetime_points, r.min_spend, r.min_period_points, r.min_period_spend, r.purchase_ratio,
             r.retired) is distinct from
        (excluded.rank, excluded.min_lifetime_points, excluded.min_spend, excluded.min_period_points,
         excluded.min_period_spend, excluded.purchase_ratio, false)
      returning xmax = 0 as created),
    removed as (
      update tiers set retired = true where tenant_id = $1 and $3::boolean and not retired
        and (program_id, name) not in (select "programId", name from wanted) returning 1)
    select ${COUNTED}, (select count(*) from removed) as removed`,
}

/** A program that looks at no period any more: what its clock would have brought no longer comes. */
export const FORGET_TIER_STEPS: Statement = {
  name: 'setup_forget_tier_steps',
  text: `update memberships m set tier_due = null, tier_steps = null, tier_on = null
    from programs p
    where m.tenant_id = $1 and m.tier_due is not null and p.tenant_id = m.tenant_id and p.program_id = m.program_id
      and (p.retired or p.rules -> 'tierWindow' is null or p.rules -> 'tierWindow' = 'null')`,
}

export const SEALED_SECRETS: Statement = {
  name: 'setup_secrets',
  text: `select door, secrets from doors where tenant_id = $1`,
}
export const TILL_HASHES: Statement = {
  name: 'setup_till_hashes',
  text: `select l.code as name, l.password_hash as hash from tills l join tenants t using (tenant_id) where t.key = $1`,
}
export const OAUTH_HASHES: Statement = {
  name: 'setup_oauth_hashes',
  text: `select c.client_key as name, c.secret_hash as hash from oauth_clients c join tenants t using (tenant_id) where t.key = $1`,
}
export const PROGRAM_RULES: Statement = {
  name: 'setup_rules',
  text: `select key, rules from programs where tenant_id = $1`,
}

export const NAMED_MEMBERS: Statement = {
  name: 'setup_members',
  text: `select setup_members as members from tenants where tenant_id = $1`,
}
export const REMEMBER_MEMBERS: Statement = {
  name: 'setup_remember_members',
  text: `update tenants set setup_members = $2::jsonb where tenant_id = $1`,
}

export const NAMED_GROUPS: Statement = {
  name: 'setup_groups',
  text: `select setup_groups as groups from tenants where tenant_id = $1`,
}
export const REMEMBER_GROUPS: Statement = {
  name: 'setup_remember_groups',
  text: `update tenants set setup_groups = $2::jsonb where tenant_id = $1`,
}

/** New codes come after those that are there. */
export const REWARD_CODES: Statement = {
  name: 'setup_reward_codes',
  text: `with wanted as (
      select * from rows from (jsonb_to_recordset($2::jsonb) as ("programId" bigint, "rewardId" text, code text))
        with ordinality as w(program_id, reward_id, code, ord)),
    written as (
      insert into reward_codes (tenant_id, program_id, reward_id, code)
      select $1::integer, program_id, reward_id, code from wanted order by ord
      on conflict do nothing returning true as created)
    select ${COUNTED}, 0 as removed where $3::boolean is not null`,
}

/** A code that was issued stays, whatever a document says. */
export const PRUNE_REWARD_CODES: Statement = {
  name: 'setup_prune_reward_codes',
  text: `with wanted as (
      select * from jsonb_to_recordset($2::jsonb) as w("programId" bigint, "rewardId" text, code text)),
    removed as (
      delete from reward_codes where tenant_id = $1 and issued_at is null
        and (program_id, reward_id, code) not in (select "programId", "rewardId", code from wanted) returning 1)
    select count(*) as removed from removed`,
}

export const SET_CLOCK: Statement = {
  name: 'setup_clock',
  text: `update tenants set clock_offset_ms = $2::bigint where tenant_id = $1 and sandbox`,
}

export const AUDITED: Statement = {
  name: 'audited',
  text: `select 1 from audit_log where action = $1 limit 1`,
}
export const AUDIT: Statement = {
  name: 'audit',
  text: `
    insert into audit_log (tenant_id, actor, action, details, request_id, reason, before_hash, after_hash)
    values ($1, $2, $3, $4, $5, $6, $7, $8)`,
}

export const AUDIT_TRAIL: Statement = {
  name: 'audit_trail',
  text: `
    select l.audit_id::text as id, l.recorded_at as at, t.key as tenant, l.actor, l.action, l.details,
           l.request_id as "requestId", l.reason, l.before_hash as "beforeHash", l.after_hash as "afterHash"
      from audit_log l left join tenants t using (tenant_id)
     where ($1::text is null or t.key = $1) and ($2::bigint is null or l.audit_id < $2)
     order by l.audit_id desc limit $3`,
}

/** What hangs on the ledger's entries, and must go before them. */
export const FORGET_FIRST: readonly Statement[] = [
  { name: 'forget_points_requests', text: `delete from points_requests where tenant_id = $1` },
  { name: 'forget_made_codes', text: `delete from reward_codes where tenant_id = $1 and made` },
  {
    name: 'forget_issued_codes',
    text: `update reward_codes set issued_to = null, issued_at = null, expires_at = null
      where tenant_id = $1 and issued_at is not null`,
  },
]

/** The ledger forgets by itself, and only a sandbox: nobody else may delete its rows. */
export const FORGET_LEDGER: Statement = {
  name: 'forget_ledger',
  text: `select ledger_forget_tenant_v1($1::integer)`,
}

/** The rest of a sandbox, children first. */
export const FORGET: readonly Statement[] = [
  'job',
  'requests',
  'redemption_restorations',
  'redemption_reversals',
  'redemptions',
  'transaction_return_lines',
  'transaction_returns',
  'transaction_payments',
  'transaction_lines',
  'bill_numbers',
  'transactions',
  'order_lines',
  'orders',
  'issuance_grants',
  'issuance_lines',
  'issuances',
  'purchases',
  'group_members',
  'action_allowances',
  'memberships',
  'member_links',
  'member_identities',
  'members',
].map((table) => ({ name: `forget_${table}`, text: `delete from ${table} where tenant_id = $1` }))

/** As `json`: putting an array of thousands of codes into `jsonb` a second time takes the square of their number. */
export const EXPORT: Statement = {
  name: 'setup_export',
  text: `select to_jsonb(t) - '{tenant_id,setup_members,setup_groups,created_at,clock_offset_ms}'::text[] as tenant,
      (select coalesce(json_agg(json_build_object('name', k.name, 'scopes', k.scopes) order by k.name), '[]')
        from api_keys k where k.tenant_id = t.tenant_id) as "apiKeys",
      (select coalesce(json_agg(json_build_object('door', d.door, 'externalId', d.external_id, 'settings', d.settings) order by d.door), '[]')
        from doors d where d.tenant_id = t.tenant_id) as doors,
      (select coalesce(json_agg(json_build_object('door', s.door, 'code', s.code, 'name', s.name, 'externalIds', s.external_ids,
          'attributes', s.attributes) order by s.store_id), '[]')
        from stores s where s.tenant_id = t.tenant_id and not s.retired) as stores,
      (select coalesce(json_agg(json_build_object('code', l.code, 'store', s.code) order by l.till_id), '[]')
        from tills l join stores s using (tenant_id, store_id) where l.tenant_id = t.tenant_id and not l.retired) as tills,
      (select coalesce(json_agg(json_build_object('key', c.client_key, 'ttlSeconds', c.ttl_seconds, 'till', c.till_code,
          'permissions', c.permissions) order by c.client_key), '[]')
        from oauth_clients c where c.tenant_id = t.tenant_id) as "oauthClients",
      (select coalesce(json_agg(json_build_object('key', p.key, 'programId', p.program_id, 'title', p.title, 'default', p.is_default,
          'pointsDecimals', p.points_decimals, 'pointsToCurrency', trim_scale(p.points_to_currency)::text, 'rules', p.rules) order by p.program_id), '[]')
        from programs p where p.tenant_id = t.tenant_id and not p.retired) as programs,
      (select coalesce(json_agg(json_build_object('programId', r.program_id, 'name', r.name,
          'minLifetimePoints', trim_scale(r.min_lifetime_points / 1000.0)::text, 'minSpend', trim_scale(r.min_spend)::text,
          'minPeriodPoints', trim_scale(r.min_period_points / 1000.0)::text,
          'minPeriodSpend', trim_scale(r.min_period_spend)::text,
          'purchaseRatio', trim_scale(r.purchase_ratio)::text) order by r.rank), '[]')
        from tiers r where r.tenant_id = t.tenant_id and not r.retired) as tiers,
      (select coalesce(json_agg(json_build_object('programId', c.program_id, 'rewardId', c.reward_id, 'codes', c.codes)), '[]')
        from (select program_id, reward_id, json_agg(code order by position) as codes from reward_codes
               where tenant_id = t.tenant_id and not made group by program_id, reward_id) c) as "rewardCodes",
      t.setup_members as members, t.setup_groups as groups
    from tenants t where $1::text[] is null or t.key = any($1) order by t.tenant_id`,
}
