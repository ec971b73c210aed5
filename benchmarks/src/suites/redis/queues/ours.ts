import { type Consumer, consume } from '@fosen/queue'
import { RedisQueue } from '@fosen/queue-redis'
import type { JobQueue } from './library.ts'

const batch = 64

/** For handlers of microseconds, as the README advises. */
const prefetch = 1024

export function ours(url: string): JobQueue {
  const producer = new RedisQueue<string>('jobs', { url })
  const queue = new RedisQueue<string>('jobs', { url })
  return {
    name: 'RedisQueue',
    url,
    put: value => producer.put(value),
    putMany: values => producer.putMany(values),
    waiting: async () => (await producer.stats()).ready,
    async consumer(concurrency) {
      let consumer: Consumer<string> | undefined
      await queue.stats()
      return {
        async handle(count, handler) {
          const { promise, resolve } = Promise.withResolvers<void>()
          let handled = 0
          const counted = async (value: string) => {
            await handler(value)
            if (++handled === count) resolve()
          }
          consumer = consume(queue, counted, { concurrency, prefetch })
          await promise
          await consumer.stop()
        },
        close: async () => consumer?.stop(),
      }
    },
    async holding(count, work) {
      const deliveries = []
      while (deliveries.length < count) deliveries.push(...(await queue.getMany(batch)))
      const given = await work()
      for (const delivery of deliveries) delivery.ack()
      await Promise.all(deliveries.map(({ settled }) => settled))
      return given
    },
    close: () => Promise.all([producer.close(), queue.close()]),
  }
}
