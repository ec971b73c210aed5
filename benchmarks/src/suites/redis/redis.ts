import { startRedisServer } from '@fosen/redis-server'
import type { Suite } from '../../workload.ts'
import { type DequeSizes, dequeSizes, dequeWorkloads } from './redis-deque.ts'

export interface Sizes {
  readonly deque: DequeSizes
}

export const fullSizes: Sizes = { deque: dequeSizes }

/** What goes through Redis: all contenders share one server, which leaves saving to the system. */
export async function redis({ deque }: Sizes = fullSizes): Promise<Suite> {
  await using opened = new AsyncDisposableStack()
  const { url } = opened.use(await startRedisServer({ args: ['--appendonly', 'yes', '--appendfsync', 'no'] }))
  const workloads = [...dequeWorkloads(url, deque, opened)]
  const all = opened.move()
  return { workloads, [Symbol.asyncDispose]: () => all.disposeAsync() }
}
