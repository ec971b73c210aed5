import { spawnSync } from 'node:child_process'

/**
 * Installs packages into a folder as users do, with npm.
 * @returns what is wrong, if anything
 */
export function npmInstall(folder: string, packages: readonly string[]): string[] {
  const args = ['install', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error', ...packages]
  const { error, status, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8', timeout: 120_000 })
  if (error !== undefined) return [`npm could not be started: ${error.message}`]
  return status === 0 ? [] : [`npm install failed: ${stderr}`]
}
