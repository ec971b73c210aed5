import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { coroutine } from '@fosen/coroutine'
import { expect, test, vi } from 'vitest'

const fixture = fileURLToPath(new URL('fixtures/forget.ts', import.meta.url))
const run = (env: object) =>
  promisify(execFile)(process.execPath, ['--expose-gc', fixture], { env: { ...process.env, ...env } })

test('in debug mode, coroutines that never begin are told of when they are collected, or the program ends', async () => {
  const { stdout, stderr } = await run({ FOSEN_DEBUG: '1' })
  expect(stdout).toBe('1\n')
  const told = "RuntimeWarning: coroutine 'work' was never awaited; it was made\n"
  const [collected, atTheEnd, ...more] = stderr.split(told).slice(1)
  expect(collected).toMatch(/^ {4}at forget \(.*forget\.ts:13:\d+\)\n[\s\S]*then the program ends/)
  expect(atTheEnd).toMatch(/^ {4}at .*forget\.ts:16:\d+/)
  expect(more).toEqual([])
})

test('outside of debug mode nothing is told, and nothing is watched', async () => {
  const { stderr } = await run({ FOSEN_DEBUG: '' })
  expect(stderr).toBe('then the program ends, with CORO_CREATED\n')
})

test.each(['', '1'])('a method has its object with FOSEN_DEBUG=%o', debug => {
  vi.stubEnv('FOSEN_DEBUG', debug)
  const counter = {
    from: 3,
    count: coroutine(function* (this: { from: number }, step: number) {
      yield this.from
      yield this.from + step
    }),
  }
  vi.unstubAllEnvs()
  expect([...counter.count(2)]).toEqual([3, 5])
})
