import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const program = fileURLToPath(new URL('fixtures/delayed-message.ts', import.meta.url))

test('a process lives while somebody waits for a delayed message, and not for one that nobody waits for', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program], { timeout: 20_000 })
  expect(stdout).toBe('delivered\n')
  expect(stderr).toBe('')
})
