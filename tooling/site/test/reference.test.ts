import { mkdtempDisposableSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { entries, writeReference } from '../src/reference.ts'

test('the reference has a page for each entry, on which all that it exports is', { timeout: 120_000 }, async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'reference-'))
  await writeReference(folder.path)
  expect(entries().size).toBeGreaterThan(7)
  for (const [name, path] of entries()) {
    const words = new Set(readFileSync(join(folder.path, `${name}.md`), 'utf8').match(/[\w$]+/g))
    const exported = Object.keys(await import(pathToFileURL(path).href))
    expect(
      exported.filter(it => !words.has(it)),
      name,
    ).toEqual([])
  }
})
