-- Points finer than the program's decimals are refused here as well, and not only where the program's rules are known.

-- Is every figure at least the lowest allowed and no finer than the program has decimals, and are all together no more than
-- every reader can hold? Whole points fit every program, so only a fraction has the program looked up.
create or replace function ledger_valid_points_v2(k ledger_key_v1, p_points bigint[], p_lowest bigint)
returns boolean language plpgsql stable as $$
declare
  n bigint;
  total numeric := 0;
  has_fraction boolean := false;
begin
  foreach n in array coalesce(p_points, '{}') loop
    if n is null or n < p_lowest then return false; end if;
    if n % 1000 <> 0 then has_fraction := true; end if;
    total := total + n;
  end loop;
  return cardinality(p_points) > 0 and total <= 9007199254740991
     and (not has_fraction or ledger_fit_decimals_v2(k, p_points));
end $$;

-- Points are thousandths; a program without decimals counts in thousands of them. An unknown program is refused later.
create or replace function ledger_fit_decimals_v2(k ledger_key_v1, p_points bigint[]) returns boolean language plpgsql stable as $$
declare
  step bigint;
begin
  select 10 ^ (3 - p.points_decimals) into step from programs p
   where p.tenant_id = k.tenant_id and p.program_id = k.program_id;
  return step is null or not exists (select from unnest(p_points) n where n % step <> 0);
end $$;
