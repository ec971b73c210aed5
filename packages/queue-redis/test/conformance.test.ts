import { setTimeout } from 'node:timers/promises'
import { type CreateOptions, queueConformance } from '@fosen/queue/testing'
import type { RedisServer } from '@fosen/redis-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Codec, RedisQueue, textCodec } from '../src/index.ts'
import { startDurableRedis } from './start-durable-redis.ts'

const capabilities = {
  capacity: true,
  codec: true,
  context: 'messages come from other processes, too',
  deduplication: true,
  leases: true,
  pausing: true,
  priorities: true,
  requeueing: true,
} as const

let server: RedisServer
let other: RedisQueue<unknown>
let queues = 0

beforeAll(async () => {
  server = await startDurableRedis()
  // It has taken once, and keeps the thread of the heartbeat: not every queue of the suite has to start and end one.
  other = new RedisQueue('other', { url: server.url })
  await expect(other.get({ timeout: 0 })).rejects.toThrow('no message came')
})

afterAll(async () => {
  await other.close()
  await server.stop()
})

for (const [name, codec, partitions] of [
  ['with JSON', undefined, true],
  ['with text', textCodec, 'its codec takes strings alone'],
] as const) {
  queueConformance(
    {
      name: `RedisQueue ${name}`,
      create: async <T>({ lease, ...options }: CreateOptions<T>) => {
        // Nobody extends the leases of the suite: it has them run out, also of a consumer that is alive.
        const leases = lease === undefined ? {} : { lease, maxLease: 0 }
        return new RedisQueue<T>(`queue ${queues++}`, {
          url: server.url,
          codec: codec as Codec<T>,
          ...leases,
          ...options,
        })
      },
      advance: ms => setTimeout(ms),
      capabilities: { ...capabilities, partitions },
    },
    { describe, test },
  )
}
