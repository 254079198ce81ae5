/** One kind of background work: does a little, and says whether there is more to do at once. */
export interface Round {
  readonly name: string
  /** How long it rests when nothing is due, where that is not what all rest. */
  readonly restMillis?: number
  /** True: there is more; run again at once. False: nothing is due; rest. */
  run(): Promise<boolean>
}

export interface RoundsOptions {
  /** How long to rest when nothing is due, or after a failure. */
  readonly restMillis: number
  /** Told of a round that threw; it is run again after a rest. */
  readonly failed: (name: string, error: unknown) => void
}

/** Background work that runs until it is stopped. */
export interface Running {
  /** Lets the rounds under way end, and starts no other. */
  stop(): Promise<void>
}

/** Runs each kind of work over and over, beside the others. */
export function startRounds(rounds: readonly Round[], options: RoundsOptions): Running {
  const state = { stopping: false, wake: new Set<() => void>() }
  const rest = (millis: number) =>
    new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer)
        state.wake.delete(end)
        resolve()
      }
      const timer = setTimeout(end, millis)
      state.wake.add(end)
    })
  const repeat = async (round: Round) => {
    while (!state.stopping) {
      const more = await round.run().catch((error: unknown) => {
        options.failed(round.name, error)
        return false
      })
      if (!more && !state.stopping) await rest(round.restMillis ?? options.restMillis)
    }
  }
  const all = Promise.all(rounds.map(repeat))
  return {
    async stop() {
      state.stopping = true
      for (const end of state.wake) end()
      await all
    },
  }
}
