import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { vi } from 'vitest'

export interface RunningDemo {
  /** The address of its live page. */
  readonly url: string
  readonly pid: number
  /** What it has written so far. */
  written(): { readonly stdout: string; readonly stderr: string }
  /** Interrupts it, as Ctrl-C does, and gives its exit code. */
  interrupt(): Promise<number | null>
}

/** Starts the demo with its page, as a process. */
export async function startDemo(args: readonly string[]): Promise<RunningDemo> {
  const main = join(import.meta.dirname, '../../src/main.ts')
  const child = spawn(process.execPath, [main, '--ui', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', piece => {
    stdout += piece
  })
  child.stderr.on('data', piece => {
    stderr += piece
  })
  const url = await vi.waitFor(
    () => {
      const [address] = /http:\S+/.exec(stderr) ?? []
      if (address === undefined) throw new Error(`the demo has told no address, but: ${stderr}`)
      return address
    },
    { timeout: 20_000 },
  )
  return {
    url,
    pid: child.pid as number,
    written: () => ({ stdout, stderr }),
    async interrupt() {
      child.kill('SIGINT')
      const [code] = await ended
      return code
    },
  }
}
