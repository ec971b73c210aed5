import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { examplesOfMarkdown } from '../src/extract.ts'
import { packageNames, root } from '../src/find.ts'

describe.each(packageNames())('packages/%s/README.md', name => {
  const folder = join(root, 'packages', name)
  const readme = () => readFileSync(join(folder, 'README.md'), 'utf8')

  test('shows a program and what it prints', () => {
    expect(examplesOfMarkdown(readme(), 'README.md').some(({ output }) => output !== undefined)).toBe(true)
  })

  test('mentions every value that the package exports', async () => {
    const exported = Object.keys(await import(pathToFileURL(join(folder, 'src/index.ts')).href))
    const words = new Set(readme().match(/[\w$]+/g))
    expect(exported.filter(it => !words.has(it))).toEqual([])
  })
})
