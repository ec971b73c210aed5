import { type TracingChannel, tracingChannel } from 'node:diagnostics_channel'
import type { Delivery, Headers } from './delivery.ts'
import { describeError } from './describe-error.ts'
import type { MessageQueue } from './queue.ts'

/** What is traced of a queue: putting messages, taking them, and handling them. */
export type QueueOperation = 'send' | 'receive' | 'process'

/** What subscribers of the tracing channels `fosen:queue:send`, `receive` and `process` get; one object for all events of an operation. */
export interface QueueTrace {
  /** By OpenTelemetry's names. What is known at the end alone, as the ids of what was put, is there at the end. */
  readonly attributes: Record<string, string | number>
  readonly queue: TracedQueue
  /** What is handled, in traces of `process`. */
  readonly deliveries: readonly Delivery<unknown>[] | undefined
  /**
   * The headers of what is put, in traces of `send`. What a subscriber adds at the start, a `traceparent` for example, goes
   * with the message, and is in `headers` of its deliveries, where the queue keeps headers.
   */
  readonly headers: Record<string, string> | undefined
  result?: unknown
  error?: unknown
}

type TracedQueue = Pick<MessageQueue<unknown>, 'name' | 'system'>

const channels = {
  send: tracingChannel<QueueTrace>('fosen:queue:send'),
  receive: tracingChannel<QueueTrace>('fosen:queue:receive'),
  process: tracingChannel<QueueTrace>('fosen:queue:process'),
}

/** Whether anybody listens: otherwise there is nothing to trace. */
export function isTraced(operation: QueueOperation): boolean {
  return isHeard(channels[operation])
}

// Bun says it of the five channels alone.
const isHeard = (tracing: TracingChannel<unknown, object>): boolean =>
  tracing.hasSubscribers ??
  [tracing.start, tracing.end, tracing.asyncStart, tracing.asyncEnd, tracing.error].some(it => it.hasSubscribers)

/**
 * Publishes that messages are put: for a backend to call when `isTraced('send')`.
 *
 * @param run is given the headers, with those that subscribers have added
 * @param headers those of the put, which stay as they are
 */
export function traceSend<Ids extends string | string[]>(
  queue: TracedQueue,
  name: string,
  run: (headers: Headers) => Promise<Ids>,
  headers?: Headers,
): Promise<Ids> {
  const own = { ...headers }
  const send = async (attributes: QueueTrace['attributes']) => {
    const ids = await run(own)
    addIds(attributes, Array.isArray(ids) ? ids : [ids])
    return ids
  }
  return trace('send', queue, name, send, { headers: own })
}

/** Publishes that messages are taken: for a backend to call when `isTraced('receive')`. */
export function traceReceive<Got extends Delivery<unknown> | Delivery<unknown>[]>(
  queue: TracedQueue,
  name: string,
  run: () => Promise<Got>,
): Promise<Got> {
  return trace('receive', queue, name, async attributes => {
    const got = await run()
    addIds(
      attributes,
      (Array.isArray(got) ? got : [got]).map(({ id }) => id),
    )
    return got
  })
}

/** Publishes that messages are handled. */
export function traceProcess(
  queue: TracedQueue,
  deliveries: readonly Delivery<unknown>[],
  run: () => unknown,
): Promise<unknown> {
  return trace('process', queue, 'consume', async () => run(), { deliveries })
}

function trace<Result>(
  operation: QueueOperation,
  queue: TracedQueue,
  name: string,
  run: (attributes: QueueTrace['attributes']) => Promise<Result>,
  { deliveries, headers }: Partial<Pick<QueueTrace, 'deliveries' | 'headers'>> = {},
): Promise<Result> {
  const attributes: QueueTrace['attributes'] = {
    'messaging.system': queue.system,
    'messaging.destination.name': queue.name,
    'messaging.operation.type': operation,
    'messaging.operation.name': name,
  }
  if (deliveries !== undefined)
    addIds(
      attributes,
      deliveries.map(({ id }) => id),
    )
  const traced = async () => {
    try {
      return await run(attributes)
    } catch (error) {
      attributes['error.type'] = describeError(error)?.name ?? 'undefined'
      throw error
    }
  }
  return channels[operation].tracePromise(traced, { attributes, queue, deliveries, headers })
}

/** The id of the one message, or how many there are. */
function addIds(attributes: QueueTrace['attributes'], ids: readonly string[]) {
  if (ids.length === 1) attributes['messaging.message.id'] = ids[0] as string
  else attributes['messaging.batch.message_count'] = ids.length
}
