import { aptInstall, type Machine, succeeds, thisMachine } from '@fosen/apt'
import { python } from './python.ts'

/**
 * Sees to it that `python` has some modules: installs those that it lacks with apt-get, where that is possible and allowed.
 *
 * @param modules as Debian names them after `python3-`
 * @returns undefined when it has them, else what to type to have them
 */
export async function missingPythonModules(
  modules: readonly string[],
  machine: Machine = thisMachine,
): Promise<string | undefined> {
  const has = () => succeeds(machine.run(python, ['-c', `import ${modules.join(', ')}`]))
  if (await has()) return undefined
  const packages = modules.map(name => `python3-${name}`)
  const command = await aptInstall(packages, `${python} lacks ${modules.join(', ')}`, machine)
  if (command === undefined) return `${python} -m pip install ${modules.join(' ')}`
  return (await has()) ? undefined : command
}
