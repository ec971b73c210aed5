import { startRedisServer } from '@fosen/redis-server'
import type { Suite } from '../../workload.ts'
import { type DequeSizes, dequeSizes, dequeWorkloads } from './redis-deque.ts'
import { type QueueSizes, queueSizes, queueWorkloads } from './redis-queue.ts'

export interface Sizes {
  readonly deque: DequeSizes
  readonly queue: QueueSizes
}

export const fullSizes: Sizes = { deque: dequeSizes, queue: queueSizes }

/** What goes through Redis: all contenders share one server, which leaves saving to the system, and one that does not. */
export async function redis({ deque, queue }: Sizes = fullSizes): Promise<Suite> {
  await using opened = new AsyncDisposableStack()
  const start = async (appendfsync: string) => {
    return opened.use(await startRedisServer({ args: ['--appendonly', 'yes', '--appendfsync', appendfsync] })).url
  }
  const url = await start('no')
  const workloads = [
    ...dequeWorkloads(url, deque, opened),
    ...(await queueWorkloads(url, await start('everysec'), queue, opened)),
  ]
  const all = opened.move()
  return { workloads, [Symbol.asyncDispose]: () => all.disposeAsync() }
}
