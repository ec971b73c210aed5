import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compare } from '../src/compare.ts'
import { deque } from '../src/suites/deque/deque.ts'
import type { Suite } from '../src/workload.ts'

describe('the contenders of deque', () => {
  let suite: Suite
  beforeAll(async () => {
    suite = await deque({ operations: 10_000, many: 2000, read: 64, items: 1000, exchanges: 10 })
  })
  afterAll(() => suite[Symbol.asyncDispose]())

  test('all give what is expected of each workload', async () => {
    for (const workload of suite.workloads) {
      const { rows } = await compare({ ...workload, warmUp: 0 }, 1)
      const present = workload.contenders.filter(contender => 'run' in contender)
      expect(rows.map(({ name }) => name)).toEqual(present.map(({ name }) => name))
    }
  })

  test('are judged against peers that there are', () => {
    for (const { contenders, gate } of suite.workloads) {
      const gates = gate && 'all' in gate ? gate.all : gate ? [gate] : []
      const judged = gates.flatMap(each => ('of' in each ? (each.of ?? []) : []))
      expect(contenders.map(({ name }) => name)).toEqual(expect.arrayContaining(judged))
    }
  })
})
