import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What is wrong with the changelog of a package, and with its version, after `changeset version`.
 * @param before the folder of the package as it was
 * @param after the folder of the package as it is
 */
export function changelogProblems(before: string, after: string): string[] {
  const [old, next] = [before, after].map(folder => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
  const path = join(after, 'CHANGELOG.md')
  if (next.version === '0.0.0') return [`${next.name} has no changeset: its first release needs one`]
  if (!existsSync(path)) return next.version === old.version ? [] : [`${next.name} ${next.version} has no changelog`]
  const [, part = ''] = readFileSync(path, 'utf8').split(/^## /m)
  const problems: string[] = []
  if (next.version !== old.version && !part.startsWith(`${next.version}\n`)) {
    problems.push(`the changelog of ${next.name} does not begin with ${next.version}`)
  }
  // A sentence that starts with a verb, in words for users.
  for (const line of part.match(/^- .*$/gm) ?? []) {
    if (!/^- [A-Z][a-z]+ .*[.:]$/.test(line)) problems.push(`the changelog of ${next.name} has no sentence in: ${line}`)
  }
  return problems
}
