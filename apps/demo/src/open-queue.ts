import { randomUUID } from 'node:crypto'
import type { MessageQueue } from '@fosen/queue'
import { DequeQueue } from '@fosen/queue-deque'
import { RedisQueue } from '@fosen/queue-redis'
import { startRedisServer } from '@fosen/redis-server'
import type { DemoOptions } from './options.ts'
import type { Message } from './pipeline/row.ts'
import { until } from './pipeline/until.ts'
import type { RowMessage } from './workers/messages.ts'

/** Messages that wait at a time: the walk does not run ahead of the work by more. */
const capacity = 1024

/** How long it may take to leave nothing behind, in milliseconds. */
const farewell = 2_000

/** The queue of a run, empty; disposing of it leaves nothing of it behind, unless its Redis is gone. */
export interface OpenQueue extends AsyncDisposable {
  readonly queue: MessageQueue<Message>
  /** What worker processes share. */
  readonly shared?: { readonly url: string; readonly rows: MessageQueue<RowMessage> }
}

/** @throws when Redis cannot be started or reached, with one sentence that says why */
export async function openQueue({ queue, redisUrl }: Pick<DemoOptions, 'queue' | 'redisUrl'>): Promise<OpenQueue> {
  if (queue === 'deque') {
    const deque = new DequeQueue<Message>({ capacity })
    return { queue: deque, [Symbol.asyncDispose]: () => deque.close() }
  }
  await using opened = new AsyncDisposableStack()
  const url = redisUrl ?? opened.use(await startRedisServer({ args: ['--appendonly', 'yes'] })).url
  const name = `fosen-demo-${randomUUID()}`
  const redis = opened.use(new RedisQueue<Message>(name, { url, capacity }))
  const rows = opened.use(new RedisQueue<RowMessage>(`${name}-rows`, { url }))
  await redis.stats()
  // Also what an interrupted run has left.
  opened.defer(async () => void (await Promise.all([redis.clear(), rows.clear()])))
  const all = opened.move()
  return {
    queue: redis,
    shared: { url, rows },
    [Symbol.asyncDispose]: () => until(AbortSignal.timeout(farewell), all.disposeAsync()),
  }
}
