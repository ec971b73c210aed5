import { spawnSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { npmInstall } from './npm-install.ts'

const require = createRequire(import.meta.url)

/**
 * Makes `folder`, outside of the workspace, the project of a user who has installed the tarballs with npm, and whose
 * programs are the smoke programs and the examples.
 *
 * @returns what npm has to say against it
 */
export function writeUserProject(folder: string, tarballs: readonly string[], programs: readonly string[]): string[] {
  mkdirSync(folder, { recursive: true })
  for (const from of programs) {
    for (const file of globSync('*.{mjs,ts}', { cwd: from })) cpSync(join(from, file), join(folder, file))
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  // Strict, and all types of the packages are checked too.
  const compilerOptions = {
    ...{ target: 'es2024', lib: ['es2024', 'esnext'], module: 'nodenext', types: ['node'], strict: true, noEmit: true },
    ...{ exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: false },
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  return npmInstall(folder, [...tarballs, `@types/node@${nodeTypes()}`])
}

/** What tsc finds in the examples, the type test, and the types of the packages. */
export function typeCheck(folder: string): string[] {
  const tsc = join(require.resolve('typescript/package.json'), '../bin/tsc')
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, '--pretty', 'false'], {
    cwd: folder,
    encoding: 'utf8',
  })
  return status === 0 ? [] : [`${stdout}${stderr}`.trim()]
}

/** The types that the packages were written with. */
function nodeTypes(): string {
  return JSON.parse(readFileSync(require.resolve('@types/node/package.json'), 'utf8')).version
}
