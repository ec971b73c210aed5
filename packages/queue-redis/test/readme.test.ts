import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const rows = Array.from(
  read('../README.md').matchAll(/^\| [^|]+ \| [^|]+ \| ([a-z-]+)(?:: ([^|]+?))? \|$/gm),
  ([, file, name]) => ({ file: file as string, part: name?.replaceAll('…', '').trim() }),
).filter(({ file }) => file !== 'test')

test('the table of what happens when has rows', () => {
  expect(rows.length).toBeGreaterThan(20)
})

test.for(rows)('the README names a test that there is: $file, $part', ({ file, part }) => {
  const path = `./${file}.test.ts`
  expect(existsSync(new URL(path, import.meta.url))).toBe(true)
  if (part !== undefined) expect(read(path)).toContain(part)
})
