import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** What a look at the machine, and an installation, need of it. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The user's id; 0 is root. */
  readonly uid: number | undefined
  /** Runs a command; rejects when it fails, or is not there. */
  run(command: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<unknown>
}

export const thisMachine: Machine = {
  env: process.env,
  uid: process.getuid?.(),
  run: (command, args, env) => promisify(execFile)(command, args, { env: { ...process.env, ...env } }),
}

export function succeeds(running: Promise<unknown>): Promise<boolean> {
  return running.then(
    () => true,
    () => false,
  )
}
