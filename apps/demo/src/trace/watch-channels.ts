import { tracingChannel } from 'node:diagnostics_channel'
import { performance } from 'node:perf_hooks'
import { threadId } from 'node:worker_threads'
import type { OperationEvent } from '../job.ts'
import { channels } from './operations.ts'

type Trace = { result?: unknown; error?: unknown }

/** What tasks are about they say when they begin, which is after they were made. */
const saidLater = 'fosen:event-loop:task'
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
  const later = watching.adopt(new Later(), later => later.flush())
  for (const [channel, describe] of Object.entries(channels)) {
    /** Those that have begun since, and not ended. */
    const begun = new WeakMap<Trace, number>()
    const publish = (type: 'start' | 'end', operation: number, trace: Trace) => {
      const error = type === 'end' && trace.error !== undefined ? { error: `${trace.error}` } : {}
      const at = performance.timeOrigin + performance.now()
      const { pid } = process
      const publish = () => {
        tell({ type, channel, operation, pid, threadId, thread, at, ...describe(trace as never), ...error })
      }
      if (channel === saidLater) later.do(publish)
      else publish()
    }
    const end = (trace: Trace) => {
      const operation = begun.get(trace)
      if (operation === undefined) return
      begun.delete(trace)
      publish('end', operation, trace)
    }
    const subscribers = {
      start(trace: Trace) {
        begun.set(trace, ++operations)
        publish('start', operations, trace)
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

/** Does things in their order, a little later. */
class Later {
  readonly #waiting: (() => void)[] = []
  #timer: NodeJS.Timeout | undefined

  do(thing: () => void): void {
    this.#waiting.push(thing)
    this.#timer ??= setTimeout(() => this.flush(), patience).unref()
  }

  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const thing of this.#waiting.splice(0)) thing()
  }
}
