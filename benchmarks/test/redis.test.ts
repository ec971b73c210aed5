import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { redis } from '../src/suites/redis/redis.ts'
import type { Suite } from '../src/workload.ts'
import { absentPeers, runOnce } from './suite-checks.ts'

describe('the contenders of redis', () => {
  let suite: Suite
  beforeAll(async () => {
    suite = await redis({
      deque: { many: 2_000, single: 128, waits: 10 },
      queue: { many: 1_000, fewer: 200, inFlight: 64, single: 10, idle: 3, held: 128 },
    })
  })
  afterAll(() => suite[Symbol.asyncDispose]())

  test('all give what is expected of each workload', { timeout: 60_000 }, async () => {
    await runOnce(suite)
  })

  test('are judged against peers that there are', () => {
    expect(absentPeers(suite)).toEqual([])
  })
})
