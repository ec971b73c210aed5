import { constants } from 'node:os'

export interface Interruption {
  /** Aborted by the first interrupt. */
  readonly signal: AbortSignal
  /** The exit code of a process that was interrupted like this; undefined while it was not. */
  readonly code: number | undefined
}

/** From the call on, the first interrupt lets the run end well, and the second one ends the process. */
export function onInterrupt(): Interruption {
  const controller = new AbortController()
  const state = { signal: controller.signal, code: undefined as number | undefined }
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      const code = 128 + constants.signals[name]
      if (state.code !== undefined) process.exit(code)
      state.code = code
      controller.abort(new Error('interrupted'))
      process.stderr.write('\ninterrupted: finishing what has begun; once more to quit at once\n')
    })
  }
  return state
}
