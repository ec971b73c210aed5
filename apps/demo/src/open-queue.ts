import { randomUUID } from 'node:crypto'
import type { MessageQueue } from '@fosen/queue'
import { DequeQueue } from '@fosen/queue-deque'
import { RedisQueue } from '@fosen/queue-redis'
import { startRedisServer } from '@fosen/redis-server'
import type { DemoOptions } from './options.ts'
import type { Job } from './pipeline/row.ts'
import { until } from './pipeline/until.ts'

/** Messages that wait at a time: the walk does not run ahead of the work by more. */
const capacity = 1024

/** How long it may take to leave nothing behind, in milliseconds. */
const farewell = 2_000

/** The queue of a run, empty; disposing of it leaves nothing of it behind, unless its Redis is gone. */
export interface OpenQueue extends AsyncDisposable {
  readonly queue: MessageQueue<Job>
}

/** @throws when Redis cannot be started or reached, with one sentence that says why */
export async function openQueue({ queue, redisUrl }: DemoOptions): Promise<OpenQueue> {
  if (queue === 'deque') {
    const deque = new DequeQueue<Job>({ capacity })
    return { queue: deque, [Symbol.asyncDispose]: () => deque.close() }
  }
  await using opened = new AsyncDisposableStack()
  const url = redisUrl ?? opened.use(await startRedisServer({ args: ['--appendonly', 'yes'] })).url
  const redis = opened.use(new RedisQueue<Job>(`fosen-demo-${randomUUID()}`, { url, capacity }))
  await redis.stats()
  // Also what an interrupted run has left.
  opened.defer(() => redis.clear())
  const all = opened.move()
  return { queue: redis, [Symbol.asyncDispose]: () => until(AbortSignal.timeout(farewell), all.disposeAsync()) }
}
