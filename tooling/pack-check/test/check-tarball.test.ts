import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { checkTarball } from '../src/check-tarball.ts'

const manifest = {
  name: '@fosen/fixture',
  version: '1.0.0',
  license: 'MIT',
  type: 'module',
  files: ['dist'],
  engines: { node: '>=24' },
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './package.json': './package.json' },
}

const good = {
  'package.json': JSON.stringify(manifest),
  'README.md': '# fixture',
  LICENSE: 'MIT',
  'dist/index.js': 'export const one = 1',
  'dist/index.d.ts': 'export declare const one = 1',
}

test('a package with nothing wrong passes', async () => {
  expect(await problemsOf(good)).toEqual([])
})

test('a missing licence and a published source are named', async () => {
  const { LICENSE: _, ...files } = good
  expect(await problemsOf({ ...files, 'src/index.ts': '' })).toEqual([
    'LICENSE is missing',
    'src/index.ts should not be published',
  ])
})

test('a range that only the workspace knows is named', async () => {
  expect(await problemsOf(withManifest({ dependencies: { '@fosen/queue': 'workspace:^' } }))).toContain(
    '@fosen/queue is wanted as workspace:^, which only this workspace knows',
  )
})

test('an export that is not in the tarball is named', async () => {
  const problems = await problemsOf(withManifest({ exports: { ...manifest.exports, './worker': './dist/worker.js' } }))
  expect(problems).toContain('exports name ./dist/worker.js, which is missing')
})

test('what publint warns of is a problem', async () => {
  const problems = await problemsOf({ ...good, 'dist/index.js': 'exports.one = 1' })
  expect(problems).toContainEqual(expect.stringMatching(/^publint: .*CJS/))
})

test('types that attw finds wrong are a problem', async () => {
  const exports = { '.': { types: './dist/index.d.cts', default: './dist/index.js' } }
  const files = { ...withManifest({ exports }), 'dist/index.d.cts': 'export declare const one = 1' }
  expect(await problemsOf(files)).toContainEqual(expect.stringMatching(/^attw: FalseCJS .*index\.d\.cts/))
})

test('a package without types is a problem', async () => {
  const { 'dist/index.d.ts': _, ...files } = withManifest({ exports: { '.': './dist/index.js' } })
  expect(await problemsOf(files)).toEqual(['attw: there are no types'])
})

function withManifest(changes: object): typeof good {
  return { ...good, 'package.json': JSON.stringify({ ...manifest, ...changes }) }
}

async function problemsOf(files: Record<string, string>): Promise<string[]> {
  using temporary = mkdtempDisposableSync(join(tmpdir(), 'fixture-'))
  for (const [name, text] of Object.entries(files)) {
    const path = join(temporary.path, 'package', name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  const tarball = join(temporary.path, 'fixture.tgz')
  expect(spawnSync('tar', ['-czf', tarball, '-C', temporary.path, 'package']).status).toBe(0)
  return await checkTarball(tarball)
}
