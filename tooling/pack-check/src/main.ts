import { globSync, mkdtempDisposableSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkTarball } from './check-tarball.ts'
import { pack } from './pack.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const folders = globSync('packages/*/package.json', { cwd: root }).map(dirname).sort()
using temporary = mkdtempDisposableSync(join(tmpdir(), 'pack-check-'))

let failed = 0
for (const folder of folders) {
  const problems = await problemsOf(join(root, folder))
  console.log(`${problems.length === 0 ? 'passed' : 'failed'}  ${folder}`)
  for (const problem of problems) console.log(`        ${problem}`)
  if (problems.length > 0) failed++
}
console.log(`packages: ${folders.length - failed} passed, ${failed} failed`)
if (failed > 0) process.exitCode = 1

async function problemsOf(folder: string): Promise<string[]> {
  try {
    return await checkTarball(pack(folder, temporary.path))
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}
