import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** A folder for what the runs of a test file write, and the path of their index in it; gone after the last test. */
export function makeOutputFolder() {
  const base = mkdtempSync(join(tmpdir(), 'fosen-demo-'))
  afterAll(() => rmSync(base, { recursive: true }))
  return { base, out: join(base, 'index.csv') }
}
