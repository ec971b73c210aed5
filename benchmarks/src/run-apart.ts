import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Job } from './job.ts'
import type { Result } from './measure.ts'

/**
 * Runs a job in a process of its own, which prints its tables and does not outlive this one.
 *
 * @param built the folder that `build` gave
 * @param launcher what starts the process, as `['taskset', '-c', '0']`; nothing by default
 * @throws Error when the launcher is not there, or the process does not come to its end
 */
export async function runApart(built: string, job: Job, launcher: readonly string[] = []): Promise<Result[]> {
  const [command = '', ...args] = [...launcher, process.execPath, join(built, 'run.js'), JSON.stringify(job)]
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const results: Result[] = []
  child.on('message', result => results.push(result as Result))
  const [code, signal] = await once(child, 'close')
  if (code !== 0) throw new Error(`${[...launcher, job.suite].join(' ')} ended with ${signal ?? `exit code ${code}`}`)
  return results
}
