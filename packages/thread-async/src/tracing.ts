import { tracingChannel } from 'node:diagnostics_channel'
import type { ThreadFuture } from './thread-future.ts'

/** What subscribers of the tracing channel `fosen:thread-async:call` get of a call; one object for all of its events. */
export interface CallTrace {
  readonly pool: string
  readonly module: string
  readonly name: string
  result?: unknown
  error?: unknown
}

const channel = tracingChannel<CallTrace>('fosen:thread-async:call')

/** Publishes a call: `start` and `end` when it is submitted, `error` if it fails, `asyncStart` and `asyncEnd` when it is done. */
export function traceCall(trace: CallTrace, future: ThreadFuture<unknown>): void {
  if (!channel.hasSubscribers) return
  channel.start.publish(trace)
  channel.end.publish(trace)
  future.onceSettled(() => {
    const outcome = future.peek()
    if (outcome?.status === 'rejected') {
      trace.error = outcome.reason
      channel.error.publish(trace)
    } else {
      trace.result = outcome?.value
    }
    channel.asyncStart.publish(trace)
    channel.asyncEnd.publish(trace)
  })
}
