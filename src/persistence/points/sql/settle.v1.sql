-- One lot becomes spendable; debt is paid first.
create or replace function ledger_mature_v1(a account, c ledger_call_v1, p_lot bigint, p_at timestamptz)
returns account language plpgsql as $$
declare
  l lot;
  e entry;
  pay bigint;
begin
  select * into l from lot x where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.lot_no = p_lot;
  pay := least(l.remaining, greatest(0, -a.available));
  e := ledger_due_entry_v1(a, c, l, 'MATURE', p_at);
  e.d_available := l.remaining;
  e.d_pending := -l.remaining;
  a := ledger_append_v1(a, e, c);
  update lot x set matured = true, remaining = x.remaining - pay, offset_debt = x.offset_debt + pay
   where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.lot_no = p_lot;
  if pay > 0 then insert into allocation values (a.tenant_id, a.account_id, a.version, p_lot, pay); end if;
  return a;
end $$;

-- What is left of one lot lapses.
create or replace function ledger_expire_v1(a account, c ledger_call_v1, p_lot bigint, p_at timestamptz)
returns account language plpgsql as $$
declare
  l lot;
  e entry;
begin
  select * into l from lot x where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.lot_no = p_lot;
  -- It paid a debt when it matured a moment ago, and nothing is left.
  if l.remaining = 0 then return a; end if;
  e := ledger_due_entry_v1(a, c, l, 'EXPIRE', p_at);
  if l.matured then e.d_available := -l.remaining; else e.d_pending := -l.remaining; end if;
  a.expired := a.expired + l.remaining;
  a := ledger_append_v1(a, e, c);
  update lot x set remaining = 0, expired = x.expired + x.remaining
   where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.lot_no = p_lot;
  insert into allocation values (a.tenant_id, a.account_id, a.version, p_lot, l.remaining);
  return a;
end $$;

-- The entry of something that happened to a lot by itself, at the moment it was due; told after the lot's own credit.
create or replace function ledger_due_entry_v1(a account, c ledger_call_v1, l lot, p_kind text, p_at timestamptz)
returns entry language plpgsql as $$
declare
  e entry;
begin
  e.kind := p_kind;
  e.d_available := 0;
  e.d_pending := 0;
  e.d_held := 0;
  e.actor := 'ledger';
  e.reason := case when c.actor = 'ledger' then c.reason end;
  e.request_id := c.request_id;
  e.of_seq := l.seq;
  e.occurred_at := p_at;
  e.effective_at := p_at;
  select x.purchase_kind, x.purchase_id into e.purchase_kind, e.purchase_id
    from entry x where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.seq = l.seq;
  return e;
end $$;

-- Brings a locked account to now: all that matured or lapsed, in the order of time, exactly once. Whoever asks afterwards
-- can neither miss nor spend what is due, however late the sweeper is. Saves by itself, so that a refusal keeps it.
create or replace function ledger_settle_v1(a account, c ledger_call_v1) returns account language plpgsql as $$
declare
  due record;
begin
  a.settled_at := coalesce(c.clock, clock_timestamp());
  if a.next_due_at <= a.settled_at then
    for due in
      select l.lot_no, l.matures_at as at, true as matures from lot l
       where l.tenant_id = a.tenant_id and l.account_id = a.account_id and l.is_pending
         and l.matures_at <= a.settled_at and l.matures_at < l.expires_at
      union all
      select l.lot_no, l.expires_at, false from lot l
       where l.tenant_id = a.tenant_id and l.account_id = a.account_id and l.is_open and l.expires_at <= a.settled_at
      order by 2, 1, 3 desc
    loop
      if due.matures then a := ledger_mature_v1(a, c, due.lot_no, due.at);
      else a := ledger_expire_v1(a, c, due.lot_no, due.at);
      end if;
    end loop;
    a.next_due_at := ledger_next_due_v1(a);
    perform ledger_save_v1(a);
  end if;
  return ledger_count_v1(a, 0, a.settled_at, c.time_zone);
end $$;

-- When the next lot matures or lapses.
create or replace function ledger_next_due_v1(a account) returns timestamptz language plpgsql as $$
begin
  return least(
    coalesce((select min(l.expires_at) from lot l
               where l.tenant_id = a.tenant_id and l.account_id = a.account_id and l.is_open), 'infinity'),
    coalesce((select min(l.matures_at) from lot l
               where l.tenant_id = a.tenant_id and l.account_id = a.account_id and l.is_pending), 'infinity'));
end $$;
