import { type TracingChannel, tracingChannel } from 'node:diagnostics_channel'
import { isThenable } from './is-thenable.ts'
import type { Reference } from './portable.ts'
import type { ThreadFuture } from './thread-future.ts'

/** What subscribers of the tracing channel `fosen:thread-async:call` get of a call; one object for all of its events. */
export interface CallTrace {
  readonly pool: string
  readonly module: string
  readonly name: string
  result?: unknown
  error?: unknown
}

/** What subscribers of the tracing channel `fosen:thread-async:run` get of a call, in the thread that runs it; one object for all of its events. */
export interface RunTrace {
  readonly module: string
  readonly name: string
  readonly args: readonly unknown[]
  result?: unknown
  error?: unknown
}

const calls = tracingChannel<CallTrace>('fosen:thread-async:call')
const runs = tracingChannel<RunTrace>('fosen:thread-async:run')

// Bun says it of the five channels alone.
const isHeard = (tracing: TracingChannel<unknown, object>): boolean =>
  tracing.hasSubscribers ??
  [tracing.start, tracing.end, tracing.asyncStart, tracing.asyncEnd, tracing.error].some(it => it.hasSubscribers)

/** Publishes a call: `start` and `end` when it is submitted, `error` if it fails, `asyncStart` and `asyncEnd` when it is done. */
export function traceCall(trace: CallTrace, future: ThreadFuture<unknown>): void {
  if (!isHeard(calls)) return
  calls.start.publish(trace)
  calls.end.publish(trace)
  future.onceSettled(() => {
    const outcome = future.peek()
    if (outcome?.status === 'rejected') {
      trace.error = outcome.reason
      calls.error.publish(trace)
    } else {
      trace.result = outcome?.value
    }
    calls.asyncStart.publish(trace)
    calls.asyncEnd.publish(trace)
  })
}

/**
 * Runs a function for a call, and publishes that: `start` when it begins, `error` if it throws or rejects, `end` when it has
 * returned, and of one that gave a promise `asyncStart` and `asyncEnd` when that is settled.
 */
export function traceRun<R>({ module, name }: Reference, args: readonly unknown[], run: () => R): R {
  if (!isHeard(runs)) return run()
  const trace: RunTrace = { module, name, args }
  const fail = (error: unknown) => {
    trace.error = error
    runs.error.publish(trace)
  }
  const settled = () => {
    runs.asyncStart.publish(trace)
    runs.asyncEnd.publish(trace)
  }
  runs.start.publish(trace)
  try {
    const made = run()
    if (isThenable(made)) {
      made.then(
        value => {
          trace.result = value
          settled()
        },
        error => {
          fail(error)
          settled()
        },
      )
    } else {
      trace.result = made
    }
    return made
  } catch (error) {
    fail(error)
    throw error
  } finally {
    runs.end.publish(trace)
  }
}
