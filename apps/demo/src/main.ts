import { access, constants, open, writeFile } from 'node:fs/promises'
import { constants as os } from 'node:os'
import { dirname } from 'node:path'
import { styleText } from 'node:util'
import { openQueue } from './open-queue.ts'
import { type DemoOptions, readOptions, UsageError, usage } from './options.ts'
import { runPipeline } from './pipeline/pipeline.ts'
import { toCsv } from './report/csv.ts'
import { showProgress } from './report/progress.ts'
import { describeRest, summarise } from './report/summary.ts'

/** @returns the exit code */
async function main(args: string[]): Promise<number> {
  // A package manager that runs this has changed the folder, and says where it was called.
  const options = readOptions(args, process.env.INIT_CWD ?? process.cwd())
  if (!options) {
    process.stdout.write(usage)
    return 0
  }
  await checkWritable(options.out)
  const interruption = onInterrupt()
  const outcome = await index(options, interruption.signal)
  await writeFile(options.out, toCsv(outcome.rows))
  process.stdout.write(summarise(outcome, options.out))
  if (interruption.code === undefined) return 0
  process.stderr.write(`${describeRest(outcome)}\n`)
  return interruption.code
}

async function index(options: DemoOptions, signal: AbortSignal) {
  await using opened = await openQueue(options)
  process.stderr.write(`indexing ${options.folder}\n`)
  const progress = showProgress(process.stderr)
  try {
    const { folder, out, threads } = options
    return await runPipeline({ folder, queue: opened.queue, skip: out, threads, signal, onProgress: progress.update })
  } finally {
    progress.stop()
  }
}

/** The first interrupt lets the run end well, the second one ends the process. */
function onInterrupt(): { readonly signal: AbortSignal; readonly code: number | undefined } {
  const controller = new AbortController()
  const state = { signal: controller.signal, code: undefined as number | undefined }
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      const code = 128 + os.signals[name]
      if (state.code !== undefined) process.exit(code)
      state.code = code
      process.stderr.write('\ninterrupted: finishing the files that are being read; once more to quit at once\n')
      controller.abort(new Error('interrupted'))
    })
  }
  return state
}

/** A long run is not to end in a file that cannot be written; nothing is created here. */
async function checkWritable(path: string) {
  try {
    await using _file = await open(path, 'r+')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    await access(dirname(path), constants.W_OK)
  }
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  const { message } = error as Error
  process.stderr.write(`${styleText('red', 'error:', { stream: process.stderr })} ${message}\n`)
  if (error instanceof UsageError) process.stderr.write(`\n${usage}`)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
