import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const documents = [
  '*.md',
  'docs/*.md',
  'docs/guides/*.md',
  'docs/decisions/*.md',
  '{benchmarks,examples}/*.md',
  '{apps,packages,tooling}/*/*.md',
]
/** As packages link to each other, since their READMEs are read elsewhere, too. */
const repository = /^https:\/\/github\.com\/fosen\/fosen\/(?:tree|blob)\/main\//

test.each(globSync(documents, { cwd: root }).sort())(
  'the links of %s lead to files, and to headings of theirs',
  file => {
    const links = Array.from(read(file).matchAll(/\]\(([^)#\s]*)(?:#([^)\s]*))?\)/g))
    const dead = links.filter(([, to = '', heading]) => {
      if (to === '') return !leadsSomewhere(file, heading)
      if (repository.test(to)) return !leadsSomewhere(to.replace(repository, ''), heading)
      // What is elsewhere is not asked for, and the reference is written when the site is.
      return !/^(\w+:|api\/)/.test(to) && !leadsSomewhere(join(dirname(file), to), heading)
    })
    expect(dead.map(([link]) => link)).toEqual([])
  },
)

function leadsSomewhere(path: string, heading: string | undefined): boolean {
  if (!existsSync(join(root, path))) return false
  if (heading === undefined) return true
  if (!statSync(join(root, path)).isDirectory()) return headingsOf(path).includes(heading)
  return ['readme', ...headingsOf(join(path, 'README.md'))].includes(heading)
}

/** As GitHub calls them in links. */
function headingsOf(file: string): string[] {
  const headings = read(file).matchAll(/^#+ (.*)$/gm)
  return Array.from(headings, ([, text = '']) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}
