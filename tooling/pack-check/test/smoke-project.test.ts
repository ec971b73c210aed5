import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempDisposableSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { runSmoke } from '../src/run-smoke.ts'
import { type Packed, writeSmokeProject } from '../src/smoke-project.ts'

test('a program finds the packages, and they find each other and what they depend on', () => {
  using temporary = mkdtempDisposableSync(join(tmpdir(), 'workspace-'))
  const store = join(temporary.path, 'store/node_modules')
  write(join(store, 'outer'), { name: 'outer' }, "export { word } from 'inner'")
  write(join(store, 'inner'), { name: 'inner' }, "export const word = 'passed'")
  const a = packageOf(temporary.path, 'a', { outer: '1.0.0' }, "export { word } from 'outer'")
  const b = packageOf(temporary.path, 'b', { '@fosen/a': '1.0.0' }, "export { word } from '@fosen/a'")
  mkdirSync(join(a.folder, 'node_modules'))
  symlinkSync(join(store, 'outer'), join(a.folder, 'node_modules/outer'), 'junction')
  const program = "import { word } from '@fosen/b'\nconsole.log('smoke', word)"
  expect(problemsOf(temporary.path, [a, b], program)).toEqual([])
})

test('what a package imports without declaring it is not found', () => {
  using temporary = mkdtempDisposableSync(join(tmpdir(), 'workspace-'))
  const a = packageOf(temporary.path, 'a', {}, "import 'outer'")
  write(join(a.folder, 'node_modules/outer'), { name: 'outer' }, '')
  const [problem] = problemsOf(temporary.path, [a], "import '@fosen/a'")
  expect(problem).toContain("Cannot find package 'outer'")
})

function problemsOf(workspace: string, packages: Packed[], code: string): string[] {
  const [project, programs] = [join(workspace, 'project'), join(workspace, 'programs')]
  mkdirSync(programs)
  writeFileSync(join(programs, 'main.mjs'), code)
  writeSmokeProject(project, packages, programs)
  return runSmoke(process.execPath, join(project, 'main.mjs'))
}

function packageOf(workspace: string, name: string, dependencies: Record<string, string>, code: string): Packed {
  const folder = join(workspace, 'packages', name)
  write(folder, { name: `@fosen/${name}`, dependencies }, code)
  const tarball = `${folder}.tgz`
  expect(spawnSync('tar', ['-czf', tarball, '-C', dirname(folder), name]).status).toBe(0)
  return { folder, tarball }
}

function write(folder: string, manifest: object, code: string) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', exports: './index.js', ...manifest }))
  writeFileSync(join(folder, 'index.js'), code)
}
