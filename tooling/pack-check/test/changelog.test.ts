import { mkdirSync, mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { changelogProblems } from '../src/changelog.ts'

const changelog = (version: string, line: string) => `# a\n\n## ${version}\n\n### Minor Changes\n\n- ${line}\n`

test.each([
  ['0.1.0', changelog('0.1.0', 'Add `b`: it is new.'), []],
  ['0.0.0', undefined, ['a has no changeset: its first release needs one']],
  ['0.1.0', undefined, ['a 0.1.0 has no changelog']],
  ['0.1.0', changelog('0.0.9', 'Add `b`.'), ['the changelog of a does not begin with 0.1.0']],
  ['0.1.0', changelog('0.1.0', 'fixed b'), ['the changelog of a has no sentence in: - fixed b']],
])('a release %s with the changelog %j has the problems %j', (version, text, problems) => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'release-'))
  const [before, after] = ['before', 'after'].map(name => join(folder.path, name)) as [string, string]
  for (const [path, version_] of [
    [before, '0.0.0'],
    [after, version],
  ] as const) {
    mkdirSync(path)
    writeFileSync(join(path, 'package.json'), JSON.stringify({ name: 'a', version: version_ }))
  }
  if (text !== undefined) writeFileSync(join(after, 'CHANGELOG.md'), text)
  expect(changelogProblems(before, after)).toEqual(problems)
})
