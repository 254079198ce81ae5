import { type DeadJob, deadJobs, replayDeadJobs } from '../../persistence/jobs/postgres-job-queue'
import { type CommandContext, type CommandMaker, EXIT, type Outcome } from '../command'

export const addJobs: CommandMaker = (program, run) => {
  const jobs = program
    .command('jobs')
    .description('Background jobs that were given up after their last attempt.')
  jobs
    .command('dead')
    .description('Lists them, with what went wrong.')
    .option('--json', 'answer in JSON')
    .action(() => run(listDead))
  jobs
    .command('replay')
    .description('Makes one of them, or all, ready again; a running server does them.')
    .argument('[id]', 'the number of one, as `loyalty jobs dead` tells it')
    .option('--all', 'every one of them')
    .option('--json', 'answer in JSON')
    .action((id: string | undefined, { all }: { all?: true }) => run((context) => replay(context, id, all)))
}

async function listDead({ database }: CommandContext): Promise<Outcome> {
  const dead = await deadJobs((await database()).dataSource)
  const text = dead.length === 0 ? 'No job is dead.' : dead.map(toLine).join('\n')
  return { exit: EXIT.ok, json: { dead }, text }
}

const toLine = ({ id, tenant, kind, lane, attempts, error, finishedAt }: DeadJob): string =>
  `${id}  ${finishedAt}  ${tenant}  ${kind}  ${lane}  after ${attempts} attempts: ${error ?? 'nothing said'}`

async function replay({ database }: CommandContext, id: string | undefined, all = false): Promise<Outcome> {
  if ((id === undefined) !== all || (id !== undefined && !JOB_ID.test(id)))
    return usage('say the number of one dead job, or --all')
  const replayed = await replayDeadJobs((await database()).dataSource, { tenant: null, id: id ?? null })
  if (id !== undefined && replayed === 0)
    return { exit: EXIT.refused, json: { replayed }, text: `No job ${id} is dead.` }
  return {
    exit: EXIT.ok,
    json: { replayed },
    text: `${replayed} ${replayed === 1 ? 'job is' : 'jobs are'} ready again.`,
  }
}

const usage = (error: string): Outcome => ({ exit: EXIT.usage, json: { error }, text: error })

const JOB_ID = /^[1-9]\d{0,15}$/
