import { globSync, mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { bundlePrograms } from './bundle-programs.ts'
import { checkTarball } from './check-tarball.ts'
import { GeneratedPart } from './generated.ts'
import { pack } from './pack.ts'
import { nodeVersion, runSmoke } from './run-smoke.ts'
import { findRuntimes } from './runtimes.ts'
import { measureSizes, sizeDifferences, sizeTable } from './sizes.ts'
import { type Packed, writeSmokeProject } from './smoke-project.ts'
import { findSupport } from './support.ts'
import { differences, supportTable } from './support-table.ts'
import { typeCheck, writeUserProject } from './user-project.ts'

// Packs each package and looks at it as a user gets it. What the README says of that is written with --write, and
// compared without.
const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } })

const root = fileURLToPath(new URL('../../..', import.meta.url))
const readme = join(root, 'README.md')
const smoke = fileURLToPath(new URL('../smoke', import.meta.url))
const folders = globSync('packages/*/package.json', { cwd: root }).map(dirname).sort()
using temporary = mkdtempDisposableSync(join(tmpdir(), 'pack-check-'))

const packed: Packed[] = []
let failed = 0
for (const folder of folders) {
  await report(folder, () => {
    const tarball = pack(join(root, folder), temporary.path)
    packed.push({ folder: join(root, folder), tarball })
    return checkTarball(tarball)
  })
}
console.log(`packages: ${folders.length - failed} passed, ${failed} failed`)

if (packed.length === folders.length) {
  await runStrictly()
  await runAsUsers()
} else {
  console.log('skipped smoke: it needs every package')
}
if (failed > 0) process.exitCode = 1

/** Each package finds what it declares, and nothing else. */
async function runStrictly() {
  // Not every user's folders have plain names.
  const project = join(temporary.path, 'a project #1, 50% ünïcode')
  writeSmokeProject(project, packed, smoke)
  const programs = [
    ['smoke', join(project, 'main.mjs')],
    ['bundled smoke', await bundlePrograms(project)],
  ] as const
  // More Nodes are given as a list of paths, written as PATH is.
  const others = (process.env.FOSEN_SMOKE_NODE ?? '').split(delimiter).filter(path => path !== '')
  for (const node of [process.execPath, ...others.map(path => resolve(path))]) {
    for (const [what, program] of programs)
      await report(`${what} on ${nodeVersion(node)}`, () => runSmoke(node, program))
  }
}

async function runAsUsers() {
  const project = join(temporary.path, 'user')
  const examples = join(root, 'examples')
  const tarballs = packed.map(({ tarball }) => tarball)
  const installed = await report('npm installs the tarballs', () =>
    writeUserProject(project, tarballs, [smoke, examples]),
  )
  if (!installed) return
  await report('the examples and a type test', () => typeCheck(project))
  await runSizes(project)
  await report('what the README says works where', async () => {
    const runtimes = findRuntimes()
    const rows = await findSupport(project, examples, runtimes)
    const table = supportTable(
      runtimes.map(({ name }) => name),
      rows,
    )
    const there = runtimes.filter(({ command }) => command).map(({ name }) => name)
    for (const { name, command } of runtimes) if (!command) console.log(`skipped  ${name}: its binary could not be had`)
    return settle('support', table, written => differences(written, table, there))
  })
}

async function runSizes(project: string) {
  const names = folders.map(folder => `@fosen/${basename(folder)}`)
  await report('what the README says packages weigh', async () => {
    const table = sizeTable(await measureSizes(project, names))
    return settle('sizes', table, written => sizeDifferences(written, table))
  })
}

/** Writes a part of the README, or says what is wrong with it. */
function settle(name: string, found: string, compare: (written: string) => string[]): string[] {
  const part = new GeneratedPart(readFileSync(readme, 'utf8'), name)
  if (values.write) writeFileSync(readme, part.replaced(found))
  const problems = values.write ? [] : compare(part.text)
  return problems.length === 0 ? [] : [...problems, 'if that is right: pnpm pack:check --write']
}

async function report(subject: string, check: () => string[] | Promise<string[]>): Promise<boolean> {
  const problems = await problemsOf(check)
  console.log(`${problems.length === 0 ? 'passed' : 'failed'}  ${subject}`)
  for (const line of problems.flatMap(problem => problem.split('\n'))) console.log(`        ${line}`)
  if (problems.length > 0) failed++
  return problems.length === 0
}

async function problemsOf(check: () => string[] | Promise<string[]>): Promise<string[]> {
  try {
    return await check()
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}
