import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { nodeVersion, runSmoke } from '../src/run-smoke.ts'

const says = "console.log('smoke passed')"

test('a program that says it passed has no problem', () => {
  expect(problemsOf(says)).toEqual([])
})

test('a program that fails is reported with its output', () => {
  const [problem] = problemsOf("console.log('so far'); throw new RangeError('too far')")
  expect(problem).toMatch(/^ended with exit code 1, and printed:\nso far\n.*RangeError: too far\n/s)
})

test('a program that does not say it passed is reported', () => {
  expect(problemsOf('')).toEqual(['ended with exit code 0, and printed nothing'])
})

test('a program that passes with a warning is reported', () => {
  const [problem] = problemsOf(`${says}; process.emitWarning('deprecated')`)
  expect(problem).toMatch(/^ended with exit code 0, and printed:\nsmoke passed\n.*Warning: deprecated/)
})

test('a program that fails after it said it passed is reported', () => {
  expect(problemsOf(`${says}; process.exitCode = 3`)).toEqual(['ended with exit code 3, and printed:\nsmoke passed'])
})

test('a program that kills itself is reported', () => {
  expect(problemsOf("process.kill(process.pid, 'SIGKILL')")).toEqual(['ended with SIGKILL, and printed nothing'])
})

test('a program that does not end is killed and reported', () => {
  expect(problemsOf('setInterval(() => {}, 1000)', process.execPath, 200)).toEqual([
    'did not end within 200 ms, and printed nothing',
  ])
})

test('a Node that is not there is reported', () => {
  expect(problemsOf(says, '/nowhere/node')).toEqual(['could not be started: spawnSync /nowhere/node ENOENT'])
  expect(nodeVersion('/nowhere/node')).toBe('/nowhere/node')
})

test('a Node is called by its version', () => {
  expect(nodeVersion(process.execPath)).toBe(`Node ${process.version}`)
})

function problemsOf(code: string, node = process.execPath, deadline?: number): string[] {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'smoke-'))
  const program = join(folder.path, 'main.mjs')
  writeFileSync(program, code)
  return runSmoke(node, program, deadline)
}
