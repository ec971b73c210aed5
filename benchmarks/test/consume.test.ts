import { expect, test } from 'vitest'
import { consuming } from '../src/suites/consume/consume.ts'
import { runOnce } from './suite-checks.ts'

test('the contenders of consume handle every message once', async () => {
  await using suite = consuming(1000)
  const rows = await runOnce(suite)
  expect(rows.map(({ name }) => name)).toEqual(['DequeQueue', 'fastq.promise', 'async.queue', 'p-queue'])
})
