import { expect, test } from 'vitest'
import { compare } from '../src/compare.ts'
import { consuming } from '../src/suites/consume/consume.ts'

test('the contenders of consume handle every message once', async () => {
  await using suite = await consuming(1000)
  for (const workload of suite.workloads) {
    const { rows } = await compare({ ...workload, warmUp: 0 }, 1)
    expect(rows.map(({ name }) => name)).toEqual(['DequeQueue', 'fastq.promise', 'async.queue', 'p-queue'])
  }
})
