import { execFile } from 'node:child_process'
import { mkdtempDisposableSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { describeFrames } from '../src/suites/seed/check-frames.ts'

test('the first seed program goes on while ten threads write a file each', { timeout: 120_000 }, async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'fosen-seed-'))
  const program = fileURLToPath(new URL('../src/suites/seed/async-call.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [program], { cwd: folder.path })
  const lines = stdout.trimEnd().split('\n')
  const each = (text: (i: number) => string) => Array.from({ length: 10 }, (_, i) => text(i))
  expect(lines.slice(0, 10)).toEqual(each(i => `B func  ${i}`))
  expect(lines.slice(10).sort()).toEqual(each(i => `data_${i} save done.`))
  expect(await describeFrames(folder.path)).toBe(
    `${each(i => `data_${i}.csv`).join(' ')}: 1000 × 1000, mean 0.00, deviation 1.00`,
  )
})
