import { spawnSync } from 'node:child_process'

/**
 * Installs packages into a folder as users do, with npm.
 * @returns what is wrong, if anything
 */
export function npmInstall(folder: string, packages: readonly string[]): string[] {
  // Where there is no registry, that is said soon.
  const retries = ['--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=2000']
  const args = [
    'install',
    ...retries,
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--loglevel=error',
    ...packages,
  ]
  const { error, status, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8', timeout: 120_000 })
  if (error !== undefined) return [`npm could not be started: ${error.message}`]
  return status === 0 ? [] : [`npm install failed: ${stderr}`]
}
