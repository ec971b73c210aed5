import type { RedisServer } from '@fosen/redis-server'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest'
import { startDurableRedis } from './start-durable-redis.ts'

interface TestRedis {
  server: RedisServer
  client: Redis
  url: string
  keep(...keys: string[]): void
  /** Resolves when this section of INFO matches. */
  info(section: string, text: RegExp): Promise<void>
  /** Resolves when so many clients wait in a blocking command. */
  blocked(count: number): Promise<void>
}

/**
 * A server for the test file, with a plain client, both empty before each test. A test leaves no keys behind but those it
 * gives to `keep`.
 */
export function useRedis() {
  const redis = {} as TestRedis
  let kept: string[] = []

  beforeAll(async () => {
    redis.server = await startDurableRedis()
    redis.url = redis.server.url
    redis.client = new Redis(redis.url)
    redis.keep = (...keys) => {
      kept.push(...keys)
    }
    redis.info = (section, text) =>
      vi.waitFor(async () => expect(await redis.client.info(section)).toMatch(text), { timeout: 5_000 })
    redis.blocked = count => redis.info('clients', new RegExp(`^blocked_clients:${count}\\r`, 'm'))
  })

  afterEach(async () => {
    const keys = await redis.client.keys('*')
    await redis.client.flushall()
    const left = keys.filter(key => !kept.includes(key))
    kept = []
    expect(left, 'keys that the test leaves').toEqual([])
  })

  afterAll(async () => {
    await redis.client.quit()
    await redis.server.stop()
  })

  return redis
}
