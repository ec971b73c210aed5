import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { python } from './python.ts'

/** What a look at the machine, and an installation, need of it. */
export interface PythonMachine {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The user's id; 0 is root. */
  readonly uid: number | undefined
  /** Runs a command; rejects when it fails, or is not there. */
  run(command: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<unknown>
}

const thisMachine: PythonMachine = {
  env: process.env,
  uid: process.getuid?.(),
  run: (command, args, env) => promisify(execFile)(command, args, { env: { ...process.env, ...env } }),
}

/**
 * Sees to it that `python` has some modules: installs those that it lacks with apt-get, when root on Debian or Ubuntu and
 * FOSEN_NO_INSTALL does not forbid it, having said so in one line on stderr.
 *
 * @param modules as Debian names them after `python3-`
 * @returns undefined when it has them, else what to type to have them
 */
export async function missingPythonModules(
  modules: readonly string[],
  { env, uid, run }: PythonMachine = thisMachine,
): Promise<string | undefined> {
  const succeeds = (command: string, args: readonly string[], env?: Readonly<Record<string, string>>) =>
    run(command, args, env).then(
      () => true,
      () => false,
    )
  const has = () => succeeds(python, ['-c', `import ${modules.join(', ')}`])
  if (await has()) return undefined
  if (!(await succeeds('apt-get', ['--version']))) return `${python} -m pip install ${modules.join(' ')}`
  const install = ['install', '-y', '--no-install-recommends', ...modules.map(name => `python3-${name}`)]
  const command = `${uid === 0 ? '' : 'sudo '}apt-get ${install.join(' ')}`
  if (uid !== 0 || env.FOSEN_NO_INSTALL) return command
  console.error(`${python} lacks ${modules.join(', ')}: installing with apt-get (FOSEN_NO_INSTALL=1 forbids it)`)
  // Without an update a fresh machine knows no packages; one that fails may still know these.
  await succeeds('apt-get', ['update'])
  await succeeds('apt-get', [...install, '-o', 'DPkg::Lock::Timeout=300'], { DEBIAN_FRONTEND: 'noninteractive' })
  return (await has()) ? undefined : command
}
