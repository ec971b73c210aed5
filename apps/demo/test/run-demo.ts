import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const main = join(import.meta.dirname, '../src/main.ts')

export interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv
  /** Interrupts the run when it has written a line that this matches. */
  readonly interruptAt?: RegExp
  /** Runs without root's right to read everything. */
  readonly unprivileged?: boolean
}

/** Runs the demo as a process. */
export async function runDemo(args: string[], options: RunOptions = {}): Promise<Run> {
  const command = [process.execPath, main, ...args]
  if (options.unprivileged && process.getuid?.() === 0) command.unshift(...withoutRootsRights)
  const child = spawn(command[0] as string, command.slice(1), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...options.env },
  })
  let written = ''
  child.stderr.on('data', (piece: Buffer) => {
    written += piece
    if (options.interruptAt?.test(written) && !child.killed) child.kill('SIGINT')
  })
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code, stdout, stderr }
}

// As another user would be, but at home wherever root has put the workspace: the capabilities that let root read
// everything are taken away.
const withoutRootsRights = ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--']
