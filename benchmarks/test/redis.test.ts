import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compare } from '../src/compare.ts'
import { redis } from '../src/suites/redis/redis.ts'
import type { Suite } from '../src/workload.ts'

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
    for (const workload of suite.workloads) {
      const { rows } = await compare({ ...workload, warmUp: 0 }, 1)
      expect(rows.map(({ name }) => name)).toEqual(workload.contenders.map(({ name }) => name))
    }
  })
})
