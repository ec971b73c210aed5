import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runProgram } from '../src/run-program.ts'

test.each([
  ["console.log('as said')", undefined],
  ["console.log('otherwise')", 'otherwise'],
  ["console.log('as said'); console.error('and a warning')", 'and a warning'],
  ["console.log('as said'); process.exitCode = 3", 'as said'],
  ['process.exitCode = 3', 'ended with exit code 3'],
  ["throw new RangeError('too far')", 'RangeError: too far'],
  ['', 'printed nothing'],
])('a program that does %j: %s', async (code, problem) => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'program-'))
  const program = join(folder.path, 'main.mjs')
  writeFileSync(program, code)
  expect(await runProgram([process.execPath], [program], 'as said\n')).toBe(problem)
})

test('a program that does not end is killed', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'program-'))
  const program = join(folder.path, 'main.mjs')
  writeFileSync(program, 'setInterval(() => {}, 1000)')
  expect(await runProgram([process.execPath], [program], '', {}, 200)).toBe('did not end within 200 ms')
})

test('a runtime that cannot be started is told', async () => {
  expect(await runProgram(['/nowhere/bun'], ['main.mjs'], '')).toBe('could not be started: spawn /nowhere/bun ENOENT')
})
