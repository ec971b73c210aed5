import { cpSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { unpack } from './unpack.ts'

/** A package of the workspace, and the tarball that was made of it. */
export interface Packed {
  readonly folder: string
  readonly tarball: string
}

/**
 * Makes `project` the folder of a user who has installed the packages and written the `programs`.
 *
 * No registry is asked: what a package depends on, other than packages of ours, is linked from the workspace.
 * @param programs the folder whose files are copied there
 */
export function writeSmokeProject(project: string, packages: readonly Packed[], programs: string): void {
  cpSync(programs, project, { recursive: true })
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  for (const { folder, tarball } of packages) {
    const { name } = readManifest(folder)
    const installed = join(project, 'node_modules', name)
    unpack(tarball, installed)
    const foreign = Object.keys(readManifest(installed).dependencies ?? {}).filter(name => !name.startsWith('@fosen/'))
    for (const name of foreign) link(join(folder, 'node_modules', name), join(installed, 'node_modules', name))
  }
}

/** The real path is linked: next to it is what the dependency itself depends on. */
function link(dependency: string, path: string) {
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(realpathSync(dependency), path, 'junction')
}

function readManifest(folder: string): { name: string; dependencies?: Record<string, string> } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}
