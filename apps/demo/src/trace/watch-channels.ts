import { tracingChannel } from 'node:diagnostics_channel'
import { performance } from 'node:perf_hooks'
import { threadId } from 'node:worker_threads'
import type { OperationEvent } from '../job.ts'
import { channels } from './operations.ts'

type Trace = { result?: unknown; error?: unknown }

/** An operation that has begun, and has not ended. */
interface Begun {
  readonly operation: number
  /** Tells of its start, unless that is done. */
  readonly tellStart?: () => void
}

/** What tasks are about they say in their first step, which is after they were made. */
const tasks = 'fosen:event-loop:task'
/** How long they have for that, in milliseconds. */
const patience = 10

/**
 * Tells what the packages' tracing channels say in this thread, as plain events.
 *
 * @param thread what the thread is called
 */
export function watchChannels(thread: string, tell: (event: OperationEvent) => void): Disposable {
  using watching = new DisposableStack()
  let operations = 0
  for (const [channel, describe] of Object.entries(channels)) {
    const begun = new WeakMap<Trace, Begun>()
    const { pid } = process
    /** What is given tells of what happens now, with what is known when it is called. */
    const toTell = (type: 'start' | 'end', operation: number, trace: Trace) => {
      const at = performance.timeOrigin + performance.now()
      const error = type === 'end' && trace.error !== undefined ? { error: `${trace.error}` } : {}
      return () => tell({ type, channel, operation, pid, threadId, thread, at, ...describe(trace as never), ...error })
    }
    const end = (trace: Trace) => {
      const known = begun.get(trace)
      if (!known) return
      begun.delete(trace)
      known.tellStart?.()
      toTell('end', known.operation, trace)()
    }
    const subscribers = {
      start(trace: Trace) {
        const operation = ++operations
        const tellStart = toTell('start', operation, trace)
        if (channel === tasks) {
          begun.set(trace, { operation, tellStart: soon(tellStart) })
        } else {
          begun.set(trace, { operation })
          tellStart()
        }
      },
      // Of what goes on after the call has returned, there is no result yet.
      end(trace: Trace) {
        if ('result' in trace || 'error' in trace) end(trace)
      },
      asyncStart() {},
      asyncEnd: end,
      error() {},
    }
    const traced = tracingChannel<Trace>(channel)
    traced.subscribe(subscribers)
    watching.defer(() => traced.unsubscribe(subscribers))
  }
  return watching.move()
}

/** Calls it in a moment; what is given calls it at once. It is called once. */
function soon(call: () => void): () => void {
  let isCalled = false
  const now = () => {
    clearTimeout(timer)
    if (!isCalled) call()
    isCalled = true
  }
  const timer = setTimeout(now, patience).unref()
  return now
}
