// `npm run loyalty -- …`: the command line, built when needed.
import { run } from './run.mjs'

run('src/cli.js')
