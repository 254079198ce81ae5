import { SingleBar } from 'cli-progress'

/** Tells how far a command is, once it takes longer than a second: a bar on a terminal, lines in a log. */
export interface Progress {
  start(label: string): void
  at(done: number, total: number): void
  /** The command has ended. Nothing is told any more. */
  end(): void
}

const PATIENCE_MS = 1_000
const LINE_EVERY_MS = 5_000

/** On stderr, so that what a command answers stays clean. */
export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const show = stream.isTTY ? new BarOnTerminal(stream) : new LinesInLog(stream)
  let timer: NodeJS.Timeout | undefined
  let state: State = { label: '', done: 0, total: 0, seconds: 0 }
  let started = 0
  const tell = (): void => show.tell({ ...state, seconds: Math.round((Date.now() - started) / 1000) })
  return {
    start(label) {
      started = Date.now()
      state = { ...state, label }
      timer ??= setInterval(tell, PATIENCE_MS).unref()
    },
    at(done, total) {
      state = { ...state, done, total }
    },
    end() {
      clearInterval(timer)
      show.end()
    },
  }
}

interface State {
  readonly label: string
  readonly done: number
  /** 0: not known. */
  readonly total: number
  readonly seconds: number
}

class LinesInLog {
  private last = -LINE_EVERY_MS

  constructor(private readonly stream: NodeJS.WritableStream) {}

  tell({ label, done, total, seconds }: State): void {
    if (seconds * 1000 - this.last < LINE_EVERY_MS) return
    this.last = seconds * 1000
    const share = total > 0 ? ` ${done} of ${total},` : ''
    this.stream.write(`${label}:${share} ${seconds} s\n`)
  }

  end(): void {
    // Lines stay as they are.
  }
}

class BarOnTerminal {
  private bar: SingleBar | null = null

  constructor(private readonly stream: NodeJS.WritableStream) {}

  tell({ label, done, total, seconds }: State): void {
    this.bar ??= this.begin()
    this.bar.setTotal(total)
    this.bar.update(done, { label, share: total > 0 ? `${done} of ${total}, ` : '', seconds })
  }

  end(): void {
    this.bar?.stop()
  }

  private begin(): SingleBar {
    const bar = new SingleBar({
      stream: this.stream,
      format: '{label} [{bar}] {share}{seconds} s',
      clearOnComplete: true,
      hideCursor: true,
    })
    bar.start(0, 0, { label: '', share: '', seconds: 0 })
    return bar
  }
}
