import { globSync, mkdtempDisposableSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundlePrograms } from './bundle-programs.ts'
import { checkTarball } from './check-tarball.ts'
import { pack } from './pack.ts'
import { nodeVersion, runSmoke } from './run-smoke.ts'
import { type Packed, writeSmokeProject } from './smoke-project.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
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
  // Not every user's folders have plain names.
  const project = join(temporary.path, 'a project #1, 50% ünïcode')
  writeSmokeProject(project, packed, fileURLToPath(new URL('../smoke', import.meta.url)))
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
} else {
  console.log('skipped smoke: it needs every package')
}
if (failed > 0) process.exitCode = 1

async function report(subject: string, check: () => string[] | Promise<string[]>) {
  const problems = await problemsOf(check)
  console.log(`${problems.length === 0 ? 'passed' : 'failed'}  ${subject}`)
  for (const line of problems.flatMap(problem => problem.split('\n'))) console.log(`        ${line}`)
  if (problems.length > 0) failed++
}

async function problemsOf(check: () => string[] | Promise<string[]>): Promise<string[]> {
  try {
    return await check()
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}
