import { execFile } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { type Machine, thisMachine } from './machine.ts'

const run = promisify(execFile)

/**
 * Finds a server: the one that REDIS_SERVER names, else the first `redis-server` on the PATH, else the first
 * `valkey-server`. It is one that runs: what a half-done installation has put on the PATH is not found.
 *
 * @returns its path, or undefined
 * @throws Error when REDIS_SERVER is set to something that does not run
 */
export async function findRedisServer(machine: Machine = thisMachine): Promise<string | undefined> {
  const { REDIS_SERVER, PATH = '' } = machine.env
  if (REDIS_SERVER) {
    try {
      await tryToRun(REDIS_SERVER)
    } catch (cause) {
      throw new Error(`REDIS_SERVER is ${REDIS_SERVER}, and that does not run`, { cause })
    }
    return REDIS_SERVER
  }
  const directories = PATH.split(delimiter).filter(directory => directory !== '')
  for (const name of ['redis-server', 'valkey-server']) {
    for (const directory of directories) {
      const path = join(directory, name)
      const runs = await tryToRun(path).then(
        () => true,
        () => false,
      )
      if (runs) return path
    }
  }
  return undefined
}

function tryToRun(path: string) {
  return run(path, ['--version'])
}
