import { access, constants, open, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { styleText } from 'node:util'
import { UsageError } from './command-line.ts'
import { onInterrupt } from './interruption.ts'
import { openQueue } from './open-queue.ts'
import { readOptions, usage } from './options.ts'
import { runPipeline } from './pipeline/pipeline.ts'
import { toCsv } from './report/csv.ts'
import { showProgress } from './report/progress.ts'
import { describeShortfall } from './report/shortfall.ts'
import { summarise } from './report/summary.ts'
import { tour } from './tour/tour.ts'
import { tourUsage } from './tour/tour-options.ts'

/** @returns the exit code */
async function main(args: string[]): Promise<number> {
  // A package manager that runs this has changed the folder, and says where it was called.
  const base = process.env.INIT_CWD ?? process.cwd()
  if (args[0] === 'tour') return tour(args.slice(1), base)
  const options = readOptions(args, base)
  if (!options) {
    process.stdout.write(usage)
    return 0
  }
  const { folder, out, threads, drain } = options
  await checkWritable(out)
  const interruption = onInterrupt()
  const { signal } = interruption
  await using opened = await openQueue(options)
  process.stderr.write(`indexing ${folder}\n`)
  const { update: onProgress, stop } = showProgress(process.stderr, signal)
  const { queue } = opened
  const outcome = await runPipeline({ folder, queue, skip: out, threads, signal, drain, onProgress }).finally(stop)

  const shortfall = describeShortfall(outcome)
  const isNothing = outcome.end !== 'done' && outcome.rows.length === 0
  if (!isNothing) {
    await writeFile(out, toCsv(outcome.rows))
    process.stdout.write(summarise(outcome, out))
  }
  if (shortfall !== undefined) {
    const sentence = isNothing ? `${shortfall}; ${out} was not written` : shortfall
    if (outcome.end === 'interrupted') process.stderr.write(`${sentence}\n`)
    else complain(sentence)
  }
  return interruption.code ?? (shortfall === undefined ? 0 : 1)
}

function complain(what: string) {
  process.stderr.write(`${styleText('red', 'error:', { stream: process.stderr })} ${what}\n`)
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

// Whoever reads what is printed may stop reading: the index is written all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

const args = process.argv.slice(2)
let code: number
try {
  code = await main(args)
} catch (error) {
  complain((error as Error).message)
  if (error instanceof UsageError) process.stderr.write(`\n${args[0] === 'tour' ? tourUsage : usage}`)
  code = error instanceof UsageError ? 2 : 1
}
process.exitCode = code
// What a run has given up is not to keep its process.
if (code !== 0) process.exit()
