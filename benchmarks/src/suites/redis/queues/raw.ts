import { Redis } from 'ioredis'
import type { Handler, JobQueue } from './library.ts'

const batch = 64
/** So long a consumer that is to close may still wait, in seconds. */
const longestWait = 0.1

/** A list and nothing else: what was popped is gone, and no other contender gives less. */
export function raw(url: string): JobQueue {
  const client = new Redis(url)
  return {
    name: 'ioredis',
    url,
    put: value => client.lpush('jobs', value),
    putMany: values => client.lpush('jobs', ...values),
    waiting: () => client.llen('jobs'),
    async consumer() {
      const own = new Redis(url)
      let isClosed = false
      let handling: Promise<void> | undefined
      const handle = async (count: number, handler: Handler) => {
        for (let left = count; left > 0 && !isClosed; ) {
          const popped = (await own.rpop('jobs', batch)) ?? (await own.brpop('jobs', longestWait))?.slice(1) ?? []
          await Promise.all(popped.map(handler))
          left -= popped.length
        }
      }
      await own.ping()
      return {
        handle(count, handler) {
          handling = handle(count, handler)
          return handling
        },
        async close() {
          isClosed = true
          await handling
          own.disconnect()
        },
      }
    },
    async holding(count, work) {
      await client.rpop('jobs', count)
      return work()
    },
    close: async () => client.disconnect(),
  }
}
