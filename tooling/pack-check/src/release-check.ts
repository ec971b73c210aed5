import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdtempDisposableSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { changelogProblems } from './changelog.ts'
import { pnpm } from './pnpm.ts'

// Makes the next release in a copy of the workspace, up to the publish, which is a dry run. It needs what `pnpm build` makes.
const root = fileURLToPath(new URL('../../..', import.meta.url))
const folders = globSync('packages/*/package.json', { cwd: root }).map(dirname).sort()
using temporary = mkdtempDisposableSync(join(tmpdir(), 'release-'))
const copy = temporary.path

for (const file of run('git', ['ls-files', '--cached', '--others', '--exclude-standard'], root).split('\n')) {
  if (file !== '' && existsSync(join(root, file))) cpSync(join(root, file), join(copy, file))
}
for (const folder of folders) cpSync(join(root, folder, 'dist'), join(copy, folder, 'dist'), { recursive: true })
run('git', ['init', '--quiet'], copy)

const waiting = globSync('.changeset/*.md', { cwd: copy }).filter(file => !file.endsWith('README.md'))
const changesets = createRequire(join(root, 'package.json')).resolve('@changesets/cli/bin.js')
run(process.execPath, [changesets, 'version'], copy)
const problems = folders.flatMap(folder => changelogProblems(join(root, folder), join(copy, folder)))
console.log(`${waiting.length} changesets made ${folders.map(versionOf).join(', ')}`)

const published = run(pnpm(), ['--recursive', 'publish', '--dry-run', '--no-git-checks', '--access', 'public'], copy)
problems.push(
  ...folders
    .map(versionOf)
    .filter(it => !published.includes(it))
    .map(it => `${it} would not be published`),
)

for (const problem of problems) console.log(`failed  ${problem}`)
if (problems.length > 0) process.exitCode = 1
else console.log('passed  version and publish, as a dry run')

function versionOf(folder: string): string {
  const { name, version } = JSON.parse(readFileSync(join(copy, folder, 'package.json'), 'utf8'))
  return `${name}@${version}`
}

function run(command: string, args: readonly string[], cwd: string): string {
  const { error, status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: 120_000 })
  if (error !== undefined) throw new Error(`${command} could not be started: ${error.message}`)
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${stdout}${stderr}`)
  return stdout + stderr
}
