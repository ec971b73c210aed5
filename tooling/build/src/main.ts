import { spawnSync } from 'node:child_process'
import { cpSync, globSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { extname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { rolldown } from 'rolldown'
import { builtinsWithoutFacades } from './builtins-without-facades.ts'

// Builds the package in the current folder: `outDir` holds what src is for Node, the types, and the files of src that are
// no TypeScript, and nothing of an earlier build.
//
// With --bundle each entry that the package exports is one file, with what several share in files of their own: a thread
// that starts spends most of its time on opening modules.
const { values } = parseArgs({
  options: {
    outDir: { type: 'string', default: 'dist' },
    bundle: { type: 'boolean', default: false },
    'no-types': { type: 'boolean', default: false },
  },
})
const { outDir, bundle, 'no-types': noTypes } = values

rmSync(outDir, { recursive: true, force: true })
if (!bundle || !noTypes) {
  const types = noTypes ? ['--noCheck', '--declaration', 'false'] : []
  const only = bundle ? ['--emitDeclarationOnly'] : []
  const args = ['-p', 'tsconfig.build.json', '--outDir', outDir, ...types, ...only]
  const tsc = join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc')
  if (spawnSync(process.execPath, [tsc, ...args], { stdio: 'inherit' }).status !== 0) process.exit(1)
}
if (bundle) await bundleEntries()
cpSync('src', outDir, {
  recursive: true,
  filter: path => statSync(path).isDirectory() || !['.ts', '.js'].includes(extname(path)),
})

async function bundleEntries() {
  const { name, publishConfig } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest
  const entries = Object.values(publishConfig.exports).flatMap(entry =>
    typeof entry === 'string' ? [] : entry.default,
  )
  const inputs = entries.map(path => path.replace(/^\.\/dist\/(.*)\.js$/, 'src/$1.ts'))
  // What is JavaScript in src is opened by its name, not exported.
  inputs.push(...globSync('src/**/*.js'))
  const build = await rolldown({
    input: Object.fromEntries(inputs.map(path => [path.replace(/^src\/(.*)\.[jt]s$/, '$1'), path])),
    external: id => /^[^./]/.test(id) && !id.startsWith(`${name}/`),
    platform: 'node',
  })
  // Beside the main entry, so that modules find files of the package as they do in src.
  const shared = { name: 'shared', minShareCount: 2 }
  await build.write({
    dir: outDir,
    sourcemap: true,
    chunkFileNames: '[name].js',
    codeSplitting: { groups: [shared] },
    // The types have them.
    comments: { jsdoc: false },
    plugins: [builtinsWithoutFacades],
  })
  await build.close()
}

interface Manifest {
  readonly name: string
  readonly publishConfig: { readonly exports: Readonly<Record<string, string | { readonly default: string }>> }
}
