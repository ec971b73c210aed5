import { type Machine, succeeds } from './machine.ts'

/**
 * Installs packages with apt-get, when root on Debian or Ubuntu and FOSEN_NO_INSTALL does not forbid it, having said so in
 * one line on stderr. Whether they are there afterwards is for the caller to see.
 *
 * @param why as `chromium is missing`
 * @returns what to type to have them; undefined where there is no apt-get
 */
export async function aptInstall(
  packages: readonly string[],
  why: string,
  { env, uid, run }: Machine,
): Promise<string | undefined> {
  if (!(await succeeds(run('apt-get', ['--version'])))) return undefined
  const install = ['install', '-y', '--no-install-recommends', ...packages]
  const command = `${uid === 0 ? '' : 'sudo '}apt-get ${install.join(' ')}`
  if (uid !== 0 || env.FOSEN_NO_INSTALL) return command
  console.error(`${why}: installing with apt-get (FOSEN_NO_INSTALL=1 forbids it)`)
  // Without an update a fresh machine knows no packages; one that fails may still know these.
  await succeeds(run('apt-get', ['update']))
  await succeeds(run('apt-get', [...install, '-o', 'DPkg::Lock::Timeout=300'], { DEBIAN_FRONTEND: 'noninteractive' }))
  return command
}
