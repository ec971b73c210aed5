import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'

const main = join(import.meta.dirname, '../src/main.ts')

export type Child = ChildProcessByStdio<null, Readable | null, Readable>

export interface Run {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv
  /** Interrupts the run when it has written a line that this matches. */
  readonly interruptAt?: RegExp
  /** Called right before it is interrupted. */
  readonly beforeInterrupt?: () => void
  /** Given the process when it has started. */
  readonly onStart?: (child: Child) => void
  /** Where its stdout goes, instead of being read. */
  readonly stdout?: number
  /** Runs without root's right to read everything. */
  readonly unprivileged?: boolean
}

/** Runs the demo as a process. */
export async function runDemo(args: string[], options: RunOptions = {}): Promise<Run> {
  const command = [process.execPath, main, ...args]
  if (options.unprivileged && process.getuid?.() === 0) command.unshift(...withoutRootsRights)
  const child = spawn(command[0] as string, command.slice(1), {
    stdio: ['ignore', options.stdout ?? 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...options.env },
  }) as Child
  let written = ''
  child.stderr.on('data', (piece: Buffer) => {
    written += piece
    if (!options.interruptAt?.test(written) || child.killed) return
    options.beforeInterrupt?.()
    child.kill('SIGINT')
  })
  options.onStart?.(child)
  const [stdout, stderr, [code]] = await Promise.all([read(child.stdout), read(child.stderr), once(child, 'close')])
  return { code, stdout, stderr }
}

/** All that is written to a stream; nothing when the test has closed it. */
const read = async (stream: Readable | null) => (stream ? await text(stream).catch(() => '') : '')

// As another user would be, but at home wherever root has put the workspace: the capabilities that let root read
// everything are taken away.
const withoutRootsRights = ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--']
