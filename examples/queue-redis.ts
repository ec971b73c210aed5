// npm install @fosen/queue-redis @fosen/queue
//
// Orders over Redis: what a shop puts is handled in any process that consumes, at least once, also when one is killed.
// Start it as often as you like, on as many machines: REDIS_URL says where Redis is.

import { consume } from '@fosen/queue'
import { RedisDeque, RedisQueue } from '@fosen/queue-redis'

interface Order {
  readonly id: number
  readonly item: string
}

const url = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379'

// What is taken is leased. Who dies loses its lease, and the order is delivered again; who lives keeps it, as a thread of
// its own extends it while the handler computes.
const orders = new RedisQueue<Order>('orders', { url, lease: 30_000 })
// A plain list of text, which redis-py sees by `lpush` and `rpop`.
const log = new RedisDeque('orders-log', { url })

const controller = new AbortController()
process.once('SIGTERM', () => controller.abort())

const consumer = consume(
  orders,
  async ({ id, item }, { attempt, signal }) => {
    signal.throwIfAborted()
    if (item === 'unicorn') throw new Error('sold out')
    if (item === 'tea' && attempt === 1) throw new Error('the kettle is cold')
    await log.append(`order ${id}: ${item}, attempt ${attempt}`)
  },
  // One at a time, so that what it prints is in order; a real one takes dozens. A signal stops it: it takes no more, and
  // ends when the handlers that run have ended.
  { concurrency: 1, prefetch: 0, retries: 1, backoff: () => 100, signal: controller.signal },
)

// The same key within ten seconds is the same order: a client may repeat what it is not sure of.
const put = (order: Order) => orders.put(order, { dedupKey: `order ${order.id}`, dedupWindow: 10_000 })
const first = await put({ id: 1, item: 'tea' })
console.log((await put({ id: 1, item: 'tea' })) === first)
await put({ id: 2, item: 'unicorn' })
await orders.put({ id: 3, item: 'cake' }, { priority: 2 })

await orders.join()
for (const line of (await log.popLeftMany(10)).sort()) console.log(line)
for (const { value, attempts, error } of await orders.deadLetters.list()) {
  console.log(`order ${value?.id}: ${error?.message} after ${attempts} attempts`)
}

await consumer.stop()
await orders.clear() // the dead letter, too
await orders.close()
await log.close()

/* prints
true
order 1: tea, attempt 2
order 3: cake, attempt 1
order 2: sold out after 2 attempts
*/
