import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('a pipeline runs in three threads: a producer, a consumer that blocks on the deque, and a loop', async () => {
  const program = fileURLToPath(new URL('fixtures/seed/09-deque-pipeline.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 20_000 })
  const numbers = ['1', '2', '3', '4', '5']
  expect(stdout.trimEnd().split('\n')).toEqual([
    ...numbers.map(i => `正在执行: Fosen_${i}`),
    ...numbers.map(i => `返回结果:Fosen_${i}`),
  ])
})
