import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import { join } from 'node:path'

/**
 * Runs a program of this folder as a process of its own, as `node FILE` does, with the streams of this one.
 *
 * An interrupt ends the program.
 *
 * @param folder its working directory
 * @returns its exit code
 */
export async function runProgram(file: string, args: readonly string[], folder: string): Promise<number> {
  const child = spawn(process.execPath, [join(import.meta.dirname, file), ...args], { cwd: folder, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  const [code, signal] = (await once(child, 'exit')) as [number, null] | [null, NodeJS.Signals]
  return code ?? 128 + constants.signals[signal]
}
