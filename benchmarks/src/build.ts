import { exec, execFile } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, realpathSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  /** Only packages that are published have it. */
  readonly scripts: { readonly build: string }
  readonly publishConfig?: { readonly exports: unknown }
}

const benchmarks = fileURLToPath(new URL('..', import.meta.url))
const tsc = join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc')

/**
 * Builds the benchmarks, and each package of ours that they depend on as it is published: a thread that starts must not pay
 * for TypeScript that users do not have.
 *
 * @param into an empty folder, somewhere below a `node_modules` that has the peers
 * @returns the folder of what was in `src`
 */
export async function build(into: string): Promise<string> {
  const src = join(into, 'src')
  const { devDependencies = {} } = manifestOf(benchmarks)
  const packages = new Set<string>()
  for (const name of Object.keys(devDependencies)) addPackage(name, benchmarks, packages)
  writeFileSync(join(into, 'package.json'), JSON.stringify({ type: 'module' }))
  await Promise.all([compile(src), ...Array.from(packages, folder => publish(folder, into))])
  return src
}

/** Adds a package of this workspace that is published, and those that it depends on. */
function addPackage(name: string, dependent: string, packages: Set<string>): void {
  if (!name.startsWith('@fosen/')) return
  const folder = realpathSync(join(dependent, 'node_modules', name))
  const { dependencies = {}, publishConfig } = manifestOf(folder)
  if (!publishConfig || packages.has(folder)) return
  packages.add(folder)
  for (const dependency of Object.keys(dependencies)) addPackage(dependency, folder, packages)
}

async function publish(folder: string, into: string): Promise<void> {
  const manifest = manifestOf(folder)
  const modules = join(into, 'node_modules')
  const dist = join(modules, manifest.name, 'dist')
  await promisify(exec)(`${manifest.scripts.build} --no-types --outDir ${JSON.stringify(dist)}`, { cwd: folder })
  writeFileSync(
    join(modules, manifest.name, 'package.json'),
    JSON.stringify({ ...manifest, exports: manifest.publishConfig?.exports }),
  )
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    if (name.startsWith('@fosen/')) continue
    mkdirSync(dirname(join(modules, name)), { recursive: true })
    symlinkSync(realpathSync(join(folder, 'node_modules', name)), join(modules, name))
  }
}

async function compile(outDir: string): Promise<void> {
  const args = ['-p', 'tsconfig.build.json', '--outDir', outDir, '--noCheck', '--declaration', 'false']
  await promisify(execFile)(process.execPath, [tsc, ...args], { cwd: benchmarks })
  cpSync(join(benchmarks, 'src'), outDir, {
    recursive: true,
    filter: path => statSync(path).isDirectory() || !['.ts', '.js'].includes(extname(path)),
  })
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}
