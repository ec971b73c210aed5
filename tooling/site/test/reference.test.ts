import { existsSync, globSync, mkdtempDisposableSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { entries, writeReference } from '../src/reference.ts'

const folder = mkdtempDisposableSync(join(tmpdir(), 'reference-'))
afterAll(() => folder.remove())
beforeAll(() => writeReference(folder.path), 120_000)

const read = (file: string) => readFileSync(join(folder.path, file), 'utf8')

test('the reference has a page for each entry, on which all that it exports is', async () => {
  expect(entries().size).toBeGreaterThan(7)
  for (const [name, path] of entries()) {
    const words = new Set(read(`${name}/index.md`).match(/[\w$]+/g))
    const exported = Object.keys(await import(pathToFileURL(path).href))
    expect(
      exported.filter(it => !words.has(it)),
      name,
    ).toEqual([])
  }
})

test('the reference says of each entry what it is', () => {
  for (const name of entries().keys())
    expect(read('index.md')).toMatch(new RegExp(`\\[${name}\\]\\(.*\\) \\| \\w.*\\. \\|`))
})

test('the reference describes what several packages export where it comes from', () => {
  expect(existsSync(join(folder.path, '@fosen/queue/classes/LeaseLostError.md'))).toBe(true)
})

test('every link of the reference leads to a page, and to a place on it', () => {
  const dead = globSync('**/*.md', { cwd: folder.path }).flatMap(file =>
    Array.from(read(file).matchAll(/\]\(([^):\s#]*)(?:#([^)\s]+))?\)/g))
      .filter(([, to, place]) => {
        const target = to ? join(dirname(file), to) : file
        return !existsSync(join(folder.path, target)) || (place !== undefined && !placesOf(target).has(place))
      })
      .map(([link]) => `${file}: ${link}`),
  )
  expect(dead).toEqual([])
})

/** The anchors of a page: those that are written, and its headings as VitePress makes anchors of them, without numbers. */
function placesOf(file: string): Set<string> {
  const text = read(file)
  return new Set([
    ...Array.from(text.matchAll(/<a id="([^"]+)">/g), ([, id = '']) => id),
    ...Array.from(text.matchAll(/^#+ (.+)$/gm), ([, heading = '']) => heading.toLowerCase().replace(/[^\w-]/g, '')),
  ])
}
