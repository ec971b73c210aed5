import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'

/**
 * Unpacks the tarball of a package into `folder`, as installing it would.
 * @throws Error when tar cannot
 */
export function unpack(tarball: string, folder: string): void {
  mkdirSync(folder, { recursive: true })
  const args = ['-xzf', tarball, '-C', folder, '--strip-components=1']
  const { error, status, stderr } = spawnSync('tar', args, { encoding: 'utf8' })
  if (error !== undefined) throw new Error(`tar could not be started: ${error.message}`)
  if (status !== 0) throw new Error(`tar could not unpack ${tarball}: ${stderr}`)
}
