import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'docs/*.md',
  'docs/guides/*.md',
  'docs/decisions/*.md',
  'examples/*.md',
]

test.each(globSync(documents, { cwd: root }).sort())('every link of %s to a file leads to one', file => {
  const links = Array.from(
    readFileSync(join(root, file), 'utf8').matchAll(/\]\(([^):#\s]+)(?:#[^)]*)?\)/g),
    ([, to = '']) => to,
  )
  // The reference is written when the site is.
  const dead = links.filter(to => !to.startsWith('api/') && !existsSync(join(root, dirname(file), to)))
  expect(dead).toEqual([])
})
