import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pnpm } from './pnpm.ts'

/**
 * Packs a built package into `destination` as publishing would, and returns the path of the tarball.
 * @throws Error when the package is not built, or when pnpm cannot pack it
 */
export function pack(folder: string, destination: string): string {
  if (!existsSync(join(folder, 'dist'))) throw new Error('there is no dist: build first (pnpm build)')
  const args = ['pack', '--json', '--pack-destination', destination]
  const { error, status, stdout, stderr } = spawnSync(pnpm(), args, { cwd: folder, encoding: 'utf8' })
  if (error !== undefined) throw new Error(`pnpm could not be started: ${error.message}`)
  if (status !== 0) throw new Error(`pnpm pack failed: ${stderr}${stdout}`)
  return JSON.parse(stdout).filename
}
