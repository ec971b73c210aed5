import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** What a look at the machine, and an installation, need of it. */
export interface BrowserMachine {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The user's id; 0 is root. */
  readonly uid: number | undefined
  /** Runs a command; rejects when it fails, or is not there. */
  run(command: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<unknown>
}

/** Either is there. */
export type FoundChromium =
  | { readonly path: string; readonly command?: undefined }
  /** What to type to have one. */
  | { readonly path?: undefined; readonly command: string }

const thisMachine: BrowserMachine = {
  env: process.env,
  uid: process.getuid?.(),
  run: (command, args, env) => promisify(execFile)(command, args, { env: { ...process.env, ...env } }),
}

/** Where distributions and macOS have it. */
const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

const install = ['install', '-y', '--no-install-recommends', 'chromium']

/**
 * Finds a Chromium that runs: the one that CHROMIUM names, else one that stands where it usually does. When there is none
 * it is installed with apt-get, when root on Debian and FOSEN_NO_INSTALL does not forbid it, having said so in one line on
 * stderr.
 *
 * @returns its path, or what to type to have one
 * @throws Error when CHROMIUM is set to something that does not run
 */
export async function findChromium({ env, uid, run }: BrowserMachine = thisMachine): Promise<FoundChromium> {
  const succeeds = (command: string, args: readonly string[], more?: Readonly<Record<string, string>>) =>
    run(command, args, more).then(
      () => true,
      () => false,
    )
  const find = async () => {
    for (const path of usual) if (await succeeds(path, ['--version'])) return path
    return undefined
  }

  if (env.CHROMIUM) {
    if (await succeeds(env.CHROMIUM, ['--version'])) return { path: env.CHROMIUM }
    throw new Error(`CHROMIUM is ${env.CHROMIUM}, and that does not run`)
  }
  const found = await find()
  if (found !== undefined) return { path: found }
  if (!(await succeeds('apt-get', ['--version']))) return { command: 'CHROMIUM=/path/to/chromium <your command>' }
  const command = `${uid === 0 ? '' : 'sudo '}apt-get ${install.join(' ')}`
  if (uid !== 0 || env.FOSEN_NO_INSTALL) return { command }
  console.error('chromium is missing: installing it with apt-get (FOSEN_NO_INSTALL=1 forbids it)')
  // Without an update a fresh machine knows no packages; one that fails may still know this one.
  await succeeds('apt-get', ['update'])
  await succeeds('apt-get', [...install, '-o', 'DPkg::Lock::Timeout=300'], { DEBIAN_FRONTEND: 'noninteractive' })
  // What Ubuntu installs by this name asks for a snap, and does not run without.
  const path = await find()
  return path === undefined ? { command } : { path }
}
