-- As ledger_valid_points_v2 was, and a single figure, which most calls have, is not added up: that took longer than all
-- else that an award does before it writes.
-- Is every figure at least the lowest allowed and no finer than the program has decimals, and are all together no more than
-- every reader can hold? Whole points fit every program, so only a fraction has the program looked up.
create or replace function ledger_valid_points_v2(k ledger_key_v1, p_points bigint[], p_lowest bigint)
returns boolean language plpgsql stable as $$
declare
  n bigint;
  total numeric := 0;
  has_fraction boolean := false;
begin
  if cardinality(p_points) = 1 then
    n := p_points[1];
    return coalesce(n between p_lowest and 9007199254740991 and (n % 1000 = 0 or ledger_fit_decimals_v2(k, p_points)), false);
  end if;
  foreach n in array coalesce(p_points, '{}') loop
    if n is null or n < p_lowest then return false; end if;
    if n % 1000 <> 0 then has_fraction := true; end if;
    total := total + n;
  end loop;
  return cardinality(p_points) > 0 and total <= 9007199254740991
     and (not has_fraction or ledger_fit_decimals_v2(k, p_points));
end $$;
