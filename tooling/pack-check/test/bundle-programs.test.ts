import { globSync, mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bundlePrograms } from '../src/bundle-programs.ts'
import { runSmoke } from '../src/run-smoke.ts'

test('each module is an entry, whose guard holds only in the program, and functions keep their names', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'bundle-'))
  const write = (name: string, code: string) => writeFileSync(join(folder.path, name), code)
  write('main.mjs', "import { word } from './other.mjs'\nif (import.meta.main) console.log('smoke', word.name)")
  write('other.mjs', "export const word = [function passed() {}][0]\nif (import.meta.main) console.log('twice')")
  const program = await bundlePrograms(folder.path)
  expect(runSmoke(process.execPath, program)).toEqual([])
  expect(globSync('*.bundled.mjs', { cwd: folder.path }).sort()).toEqual(['main.bundled.mjs', 'other.bundled.mjs'])
})
