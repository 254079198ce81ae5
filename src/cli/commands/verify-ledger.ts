import { type InvariantCount, verifyLedger } from '../../persistence/points/verify-ledger'
import { type CommandContext, type CommandMaker, EXIT, type Outcome } from '../command'

export const addVerifyLedger: CommandMaker = (program, run) => {
  program
    .command('verify-ledger')
    .description('Checks the laws of the points ledger over all tenants; ends with 1 when any is broken.')
    .option('--json', 'answer in JSON')
    .action(() => run(verify))
}

async function verify({ database, progress }: CommandContext): Promise<Outcome> {
  const { dataSource } = await database()
  progress.start('Verifying the ledger')
  const counts = await verifyLedger(dataSource)
  const broken = counts.filter(({ violations }) => violations > 0)
  return {
    exit: broken.length === 0 ? EXIT.ok : EXIT.refused,
    json: { sound: broken.length === 0, invariants: counts },
    text:
      broken.length === 0
        ? `The ledger is sound: ${counts.length} laws hold.`
        : broken.map(toLine).join('\n'),
  }
}

const toLine = ({ invariant, violations }: InvariantCount): string =>
  `${invariant} is broken ${violations} times`
