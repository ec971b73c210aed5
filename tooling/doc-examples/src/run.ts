import { type ExecFileException, execFile } from 'node:child_process'
import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedisServer } from '@fosen/redis-server'
import type { Example } from './extract.ts'

/** What an example calls its Redis. */
const documentedUrl = 'redis://127.0.0.1:6379'

/**
 * Runs an example, written to `file`, in an empty folder; with a Redis of its own when it names one.
 * @param deadline in milliseconds
 * @returns what is wrong, a paragraph each: it must exit with 0, write nothing to stderr, and print its `text` block
 */
export async function runExample(example: Example, file: string, deadline = 20_000): Promise<string[]> {
  if (!example.code.includes(documentedUrl)) return await run(example, file, deadline)
  const server = await startRedisServer({ args: ['--appendonly', 'yes'] })
  try {
    writeFileSync(file, `${example.code.replaceAll(documentedUrl, server.url)}\n`)
    return await run(example, file, deadline)
  } finally {
    await server.stop()
  }
}

async function run({ output }: Example, file: string, deadline: number): Promise<string[]> {
  using cwd = mkdtempDisposableSync(join(tmpdir(), 'example-'))
  const { error, stdout, stderr } = await execute(file, cwd.path, deadline)
  const problems: string[] = []
  if (error?.killed) problems.push(`did not end within ${deadline} ms`)
  else if (error !== null) problems.push(`ended with ${error.signal ?? `exit code ${error.code}`}`)
  if (stderr !== '') problems.push(`wrote to stderr:\n${stderr}`)
  if (output !== undefined && stdout !== printed(output)) {
    problems.push(`printed:\n${stdout}but the document says:\n${printed(output)}`)
  }
  return problems
}

function execute(file: string, cwd: string, timeout: number) {
  // A bare environment: what a test runner sets (FORCE_COLOR, NODE_ENV) is not what a reader has.
  const options = { cwd, timeout, killSignal: 'SIGKILL', env: { PATH: process.env.PATH } } as const
  return new Promise<{ error: ExecFileException | null; stdout: string; stderr: string }>(resolve => {
    execFile(process.execPath, [file], options, (error, stdout, stderr) => resolve({ error, stdout, stderr }))
  })
}

function printed(output: string): string {
  return output === '' ? '' : `${output}\n`
}
