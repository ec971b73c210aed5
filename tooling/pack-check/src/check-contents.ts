import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Manifest {
  exports?: Exports
  dependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

type Exports = string | null | Exports[] | { [key: string]: Exports }

/** What breaks our own rules in an unpacked package. */
export function checkContents(folder: string): string[] {
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return [...files(folder), ...targets(folder, manifest), ...ranges(manifest)]
}

function files(folder: string): string[] {
  const allowed = ['README.md', 'LICENSE', 'package.json']
  const found = globSync('**', { cwd: folder, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
  return [
    ...allowed.filter(file => !found.includes(file)).map(file => `${file} is missing`),
    ...found
      .filter(file => !file.startsWith('dist/') && !allowed.includes(file))
      .map(file => `${file} should not be published`),
  ]
}

function targets(folder: string, manifest: Manifest): string[] {
  const paths = leaves(manifest.exports ?? null)
  if (paths.length === 0) return ['package.json exports nothing']
  return paths.filter(path => !existsSync(join(folder, path))).map(path => `exports name ${path}, which is missing`)
}

function leaves(exports: Exports): string[] {
  if (exports === null) return []
  return typeof exports === 'string' ? [exports] : Object.values(exports).flatMap(leaves)
}

function ranges(manifest: Manifest): string[] {
  const { dependencies, peerDependencies, optionalDependencies } = manifest
  return Object.entries({ ...dependencies, ...peerDependencies, ...optionalDependencies })
    .filter(([, range]) => /^(workspace|catalog|link|file):/.test(range))
    .map(([name, range]) => `${name} is wanted as ${range}, which only this workspace knows`)
}
