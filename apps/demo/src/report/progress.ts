import { Presets, SingleBar } from 'cli-progress'

/** How often lines are written where there is no terminal, in milliseconds. */
const interval = 1000

export interface Progress extends Disposable {
  update(progress: { readonly found: number; readonly done: number }): void
  /** May be called again. */
  stop(): void
}

/**
 * Shows how far a run is: a bar on a terminal, a line now and then otherwise.
 *
 * @param signal takes the bar off the terminal: whatever is written next has it to itself, and the cursor is back
 */
export function showProgress(stream: NodeJS.WriteStream, signal: AbortSignal): Progress {
  const progress = stream.isTTY && !signal.aborted ? bar(stream) : lines(stream)
  signal.addEventListener('abort', progress.stop, { once: true })
  return progress
}

function bar(stream: NodeJS.WriteStream): Progress {
  const single = new SingleBar(
    { stream, format: '{bar} {value} of {total} files', hideCursor: true, gracefulExit: false },
    Presets.shades_classic,
  )
  single.start(0, 0)
  return {
    update({ found, done }) {
      single.setTotal(found)
      single.update(done)
    },
    stop: () => single.stop(),
    [Symbol.dispose]: () => single.stop(),
  }
}

function lines(stream: NodeJS.WriteStream): Progress {
  let last = performance.now()
  return {
    update({ found, done }) {
      const now = performance.now()
      if (now - last < interval) return
      last = now
      stream.write(`${done} of ${found} files\n`)
    },
    stop() {},
    [Symbol.dispose]() {},
  }
}
