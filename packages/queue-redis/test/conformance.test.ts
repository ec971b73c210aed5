import { setTimeout } from 'node:timers/promises'
import { queueConformance } from '@fosen/queue/testing'
import type { RedisServer } from '@fosen/redis-server'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { type Codec, RedisQueue, textCodec } from '../src/index.ts'
import { startDurableRedis } from './start-durable-redis.ts'

const capabilities = {
  capacity: true,
  codec: true,
  context: 'messages come from other processes, too',
  deduplication: 'it heeds no dedupKey',
  leases: 'leases are extended for as long as their consumer is alive',
  partitions: 'it has none',
  pausing: 'it cannot be paused',
  priorities: 'it heeds no priority',
  requeueing: 'its dead letters can be listed only',
} as const

let server: RedisServer
let queues = 0

beforeAll(async () => {
  server = await startDurableRedis()
})

afterAll(() => server.stop())

for (const [name, codec] of [
  ['with JSON', undefined],
  ['with text', textCodec],
] as const) {
  queueConformance(
    {
      name: `RedisQueue ${name}`,
      create: async <T>(options: { codec?: Codec<T> }) => {
        return new RedisQueue<T>(`queue ${queues++}`, { url: server.url, codec: codec as Codec<T>, ...options })
      },
      advance: ms => setTimeout(ms),
      capabilities,
    },
    { describe, test },
  )
}
