import { spawn } from 'node:child_process'
import { dirname } from 'node:path'
import type { Command } from './runtimes.ts'

/**
 * Runs a program in its folder, with nothing in the environment but PATH and `env`.
 * @param deadline in milliseconds
 * @returns what is wrong, in one line, unless it exits with 0, prints what is expected, and nothing to stderr
 */
export async function runProgram(
  command: Command,
  program: readonly [path: string, ...args: string[]],
  expected: string,
  env: Readonly<Record<string, string>> = {},
  deadline = 30_000,
): Promise<string | undefined> {
  const [path, ...args] = [...command, ...program]
  const child = spawn(path as string, args, {
    cwd: dirname(program[0]),
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: deadline,
    killSignal: 'SIGKILL',
  })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
  const end = await new Promise<string | undefined>(resolve => {
    child.on('error', error => resolve(`could not be started: ${error.message}`))
    child.on('close', (code, signal) => resolve(code === 0 ? undefined : `ended with ${signal ?? `exit code ${code}`}`))
  })
  if (end === undefined && output.stderr === '' && output.stdout === expected) return undefined
  if (end === 'ended with SIGKILL') return `did not end within ${deadline} ms`
  return reason(output.stderr) ?? reason(output.stdout) ?? end ?? 'printed nothing'
}

/** The line that says what was wrong; runtimes show the source before it. */
function reason(text: string): string | undefined {
  const lines = text.trim().split('\n')
  return lines.find(line => /^(?:error: )?(?:Uncaught )?\S*Error\b/.test(line)) ?? (lines[0] || undefined)
}
