import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const printed = `DeadlockError nothing is left that could wake the loop; 2 pending:
  <Task pending name='native' … Future pending
  <Task pending name='waits' … Future pending
DeadlockError nothing is left that could wake the loop; 1 pending:
  <Task pending name='of the other loop' … Future pending
DeadlockError nothing is left that could wake the loop; 1 pending:
  <Future pending cb=[stop()]>
goes on late
0
`

test.each([
  ['the main thread', 'deadlock'],
  ['a worker thread', 'deadlock-in-worker'],
])('in %s, loops are told that Node has nothing left to do, and can run again', async (_, name) => {
  const program = fileURLToPath(new URL(`fixtures/${name}.ts`, import.meta.url))
  expect(await promisify(execFile)(process.execPath, [program])).toEqual({ stdout: printed, stderr: '' })
})
