import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deque } from '../src/suites/deque/deque.ts'
import type { Suite } from '../src/workload.ts'
import { absentPeers, runOnce } from './suite-checks.ts'

describe('the contenders of deque', () => {
  let suite: Suite
  beforeAll(async () => {
    suite = await deque({ operations: 10_000, many: 2000, read: 64, items: 1000, exchanges: 10 })
  })
  afterAll(() => suite[Symbol.asyncDispose]())

  test('all give what is expected of each workload', async () => {
    await runOnce(suite)
  })

  test('are judged against peers that there are', () => {
    expect(absentPeers(suite)).toEqual([])
  })
})
