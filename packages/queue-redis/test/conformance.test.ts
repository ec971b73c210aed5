import { setTimeout } from 'node:timers/promises'
import { queueConformance } from '@fosen/queue/testing'
import type { RedisServer } from '@fosen/redis-server'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { RedisQueue, textCodec } from '../src/index.ts'
import { startDurableRedis } from './start-durable-redis.ts'

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
      create: async options => new RedisQueue<string>(`queue ${queues++}`, { url: server.url, codec, ...options }),
      advance: ms => setTimeout(ms),
      capabilities: { capacity: true },
    },
    { describe, test },
  )
}
