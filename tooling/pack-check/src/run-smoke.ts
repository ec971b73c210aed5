import { spawnSync } from 'node:child_process'
import { dirname } from 'node:path'

/**
 * Runs a smoke program as a user would: in its folder, with nothing in the environment but PATH.
 * @param node path of the Node that runs it
 * @param deadline in milliseconds
 * @returns what is wrong: it must exit with 0, and print the line `smoke passed` and nothing else
 */
export function runSmoke(node: string, program: string, deadline = 60_000): string[] {
  const { pid, error, status, signal, stdout, stderr } = spawnSync(node, [program], {
    cwd: dirname(program),
    env: { PATH: process.env.PATH },
    encoding: 'utf8',
    timeout: deadline,
    killSignal: 'SIGKILL',
  })
  if (pid === 0) return [`could not be started: ${error?.message}`]
  if (status === 0 && stdout === 'smoke passed\n' && stderr === '') return []
  const end = isTimeout(error) ? `did not end within ${deadline} ms` : `ended with ${signal ?? `exit code ${status}`}`
  const output = `${stdout}${stderr}`.trimEnd()
  return [output === '' ? `${end}, and printed nothing` : `${end}, and printed:\n${output}`]
}

/** What a Node calls itself, or its path when it does not say. */
export function nodeVersion(node: string): string {
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' })
  return /^v\d\S*\s*$/.test(stdout) ? `Node ${stdout.trim()}` : node
}

function isTimeout(error: Error | undefined): boolean {
  return error !== undefined && 'code' in error && error.code === 'ETIMEDOUT'
}
