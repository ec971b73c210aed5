import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { npmInstall } from './npm-install.ts'

/** An executable, and what goes before the program. */
export type Command = readonly [path: string, ...args: string[]]

/** What runs programs. */
export interface Runtime {
  /** `Bun 1.4.5` */
  readonly name: string
  /** Undefined when the binary cannot be had. */
  readonly command: Command | undefined
}

interface Wanted {
  readonly name: string
  /** The package of npm that carries the binary. */
  readonly package: string
  readonly version: string
  readonly args?: readonly string[]
}

/** The oldest Node that is supported, the newest, and the others; the workspace's own stands between them. */
const older: Wanted[] = [{ name: 'Node', package: 'node', version: '22.18.0' }]
const newer: Wanted[] = [
  { name: 'Node', package: 'node', version: '26.10.0' },
  { name: 'Bun', package: 'bun', version: '1.4.5' },
  { name: 'Deno', package: 'deno', version: '2.9.6', args: ['run', '--allow-all', '--no-check'] },
]

const cache = fileURLToPath(new URL('../node_modules/.cache/runtimes', import.meta.url))

/** All runtimes of the table. What is not there yet is installed, once. */
export function findRuntimes(): Runtime[] {
  const own: Runtime = { name: `Node ${process.versions.node}`, command: [process.execPath] }
  return [...older.map(find), own, ...newer.map(find)]
}

function find({ name, package: carrier, version, args = [] }: Wanted): Runtime {
  const folder = join(cache, `${carrier}-${version}`)
  const path = join(folder, 'node_modules', '.bin', carrier)
  if (!answers(path)) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{ "private": true }')
    npmInstall(folder, [`${carrier}@${version}`])
  }
  return { name: `${name} ${version}`, command: answers(path) ? [path, ...args] : undefined }
}

/** A binary may be there and not run on this machine. */
const answers = (path: string) => existsSync(path) && spawnSync(path, ['--version'], { timeout: 30_000 }).status === 0
