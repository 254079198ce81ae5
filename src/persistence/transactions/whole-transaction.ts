import type { SourceAward } from '../../domain/points/source-awards'
import type { Till } from '../../domain/programs/store'
import type { TransactionReturn } from '../../domain/transactions/return'
import type { Transaction, TransactionLine } from '../../domain/transactions/transaction'
import type { WholeTransaction } from '../../domain/transactions/transaction-store'
import { amountOf, pointsOf } from '../columns'
import { instantFromPostgres } from '../instant-text'
import type { Statement } from '../sql'
import { COLUMNS } from './transaction-statements'

/** Whatever is a number or a moment in the database is text in JSON: a float would lose digits. */
const LINES = `(select coalesce(json_agg(json_build_object('id', l.line_id::text, 'transactionId', l.transaction_id::text,
      'lineNo', l.line_no, 'itemCode', l.item_code, 'quantity', l.quantity::text, 'rate', l.rate::text,
      'value', l.value::text, 'discount', l.discount::text, 'amount', l.amount::text, 'outlier', l.outlier,
      'isReturn', l.is_return, 'points', l.points::text, 'attributes', l.attributes) order by l.line_no), '[]')
    from transaction_lines l where l.tenant_id = $1 and l.transaction_id = t.id)`

const RETURNS = `(select coalesce(json_agg(json_build_object('id', r.return_id::text,
      'transactionId', r.transaction_id::text, 'originalId', r.original_id::text, 'orderId', r.order_id::text,
      'billNumber', r.bill_number, 'kind', r.kind, 'amount', r.amount::text, 'points', r.points::text,
      'currency', d.currency, 'documentType', d.type, 'documentNumber', d.bill_number, 'returnedAt', d.billed_at::text,
      'lines', (select coalesce(json_agg(json_build_object('lineNo', x.original_line_no, 'quantity', x.quantity::text,
          'amount', x.amount::text) order by x.line_no), '[]')
        from transaction_return_lines x where x.tenant_id = $1 and x.return_id = r.return_id)) order by r.return_id), '[]')
    from transaction_returns r
    join transactions d on d.tenant_id = r.tenant_id and d.transaction_id = r.transaction_id
   where r.tenant_id = $1 and r.original_id = t.id)`

const AWARDS = `(select coalesce(json_agg(json_build_object('sourceRef', s.source_ref, 'lineRef', s.line_ref,
      'rule', s.rule, 'accountId', s.account_id::text, 'programId', a.program_id::text, 'awarded', s.awarded::text,
      'reversed', s.reversed::text, 'lot', json_build_object('remaining', (l.remaining + l.reserved)::text,
        'used', (l.consumed + l.offset_debt)::text, 'expired', l.expired::text, 'reversed', l.reversed::text,
        'matured', l.matured, 'expiresAt', l.expires_at::text)) order by s.line_no), '[]')
    from award_source s
    join account a on a.tenant_id = s.tenant_id and a.account_id = s.account_id
    join lot l on l.tenant_id = s.tenant_id and l.account_id = s.account_id and l.lot_no = s.lot_no
   where s.tenant_id = $1 and s.source_type = 'TRANSACTION' and s.source_ref = t.id::text)`

/** The tills that a transaction names: where it was booked, and where it was changed last (`$3` names the attribute). */
const TILLS = `(select coalesce(json_agg(json_build_object('id', l.till_id::text, 'code', l.code,
      'storeId', l.store_id::text)), '[]')
    from tills l where l.tenant_id = $1 and l.code in (t."tillCode", t.attributes ->> $3) and not l.retired)`

const STORE = `(select json_build_object('id', s.store_id::text, 'door', s.door, 'code', s.code, 'name', s.name,
      'externalIds', s.external_ids, 'attributes', s.attributes)
    from stores s where s.tenant_id = $1 and s.store_id = t."storeId")`

/** A transaction with all that is shown of it, of one moment and in one round trip. */
export const WHOLE_TRANSACTION: Statement = {
  name: 'transaction_whole',
  text: `select t.*, ${LINES} as lines, ${RETURNS} as returns, ${AWARDS} as awards, ${TILLS} as tills, ${STORE} as store
    from (select ${COLUMNS} from transactions where tenant_id = $1 and transaction_id = $2::bigint offset 0) t`,
}

type Texts<Row, Name extends keyof Row> = Omit<Row, Name> & { readonly [N in Name]: string }
type LineJson = Texts<TransactionLine, 'points'>
type ReturnJson = Texts<TransactionReturn, 'points'>
type AwardJson = Texts<Omit<SourceAward, 'lot'>, 'awarded' | 'reversed'> & {
  readonly lot: Texts<SourceAward['lot'], 'remaining' | 'used' | 'expired' | 'reversed' | 'expiresAt'>
}

export interface WholeRow {
  readonly lines: readonly LineJson[]
  readonly returns: readonly ReturnJson[]
  readonly awards: readonly AwardJson[]
  readonly tills: readonly Till[]
  readonly store: WholeTransaction['store']
}

export const toWhole = (transaction: Transaction, row: WholeRow): WholeTransaction => ({
  transaction,
  lines: row.lines.map(toLine),
  returns: row.returns.map(toReturn),
  awards: row.awards.map(toAward),
  tills: row.tills,
  store: row.store,
})

const toLine = (line: LineJson): TransactionLine => ({
  ...line,
  quantity: amountOf(line.quantity),
  rate: amountOf(line.rate),
  value: amountOf(line.value),
  discount: amountOf(line.discount),
  amount: amountOf(line.amount),
  points: pointsOf(line.points),
})

const toReturn = (row: ReturnJson): TransactionReturn => ({
  ...row,
  amount: amountOf(row.amount),
  points: pointsOf(row.points),
  returnedAt: instantFromPostgres(row.returnedAt) as TransactionReturn['returnedAt'],
  lines: row.lines.map((line) => ({
    ...line,
    quantity: amountOf(line.quantity),
    amount: amountOf(line.amount),
  })),
})

const toAward = ({ lot, ...award }: AwardJson): SourceAward => ({
  ...award,
  awarded: pointsOf(award.awarded),
  reversed: pointsOf(award.reversed),
  lot: {
    remaining: pointsOf(lot.remaining),
    used: pointsOf(lot.used),
    expired: pointsOf(lot.expired),
    reversed: pointsOf(lot.reversed),
    matured: lot.matured,
    expiresAt:
      lot.expiresAt === 'infinity'
        ? null
        : (instantFromPostgres(lot.expiresAt) as SourceAward['lot']['expiresAt']),
  },
})
