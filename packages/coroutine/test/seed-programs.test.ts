import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

// The programs that Python's users know generators by, and what CPython prints for them.
const run = (name: string) => {
  const file = fileURLToPath(new URL(`fixtures/seed/${name}.ts`, import.meta.url))
  return spawnSync(process.execPath, [file], { encoding: 'utf8' })
}

describe('a program of', () => {
  test('next and send ends by the StopIteration that nobody catches', () => {
    const { stdout, stderr, status } = run('02-yield-coroutine')
    expect(stdout).toBe('start croutine name:hi\nhi\nsend value:1\n')
    expect([status, stderr]).toEqual([1, expect.stringContaining('StopIteration')])
  })

  test('yieldFrom has the same values as its loop', () => {
    expect(run('03-yield-from').stdout).toBe('[ 0, 1, 2 ]\n[ 0, 1, 2 ]\n')
  })
})
