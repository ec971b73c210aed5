import { once } from 'node:events'
import { access, constants, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { styleText } from 'node:util'
import { UsageError } from './command-line.ts'
import { onInterrupt } from './interruption.ts'
import { openQueue } from './open-queue.ts'
import { type DemoOptions, readOptions, usage } from './options.ts'
import type { Outcome } from './pipeline/outcome.ts'
import { toCsv } from './report/csv.ts'
import { toJson } from './report/json.ts'
import { showProgress } from './report/progress.ts'
import { saveIndex } from './report/save-index.ts'
import { describeShortfall } from './report/shortfall.ts'
import { summarise } from './report/summary.ts'
import { startJob } from './start-job.ts'
import { tour } from './tour/tour.ts'
import { tourUsage } from './tour/tour-options.ts'
import { showWarnings } from './warnings.ts'

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
  await checkWritable(options.out)
  const interruption = onInterrupt()
  const { signal } = interruption
  // What only the page needs is not loaded without it.
  await using page = options.ui ? await (await import('./page/open-page.ts')).openPage(options.port ?? 0) : undefined
  await using opened = await openQueue(options)
  process.stderr.write(`indexing ${options.folder}\n`)
  using progress = showProgress(process.stderr, signal)
  await using job = startJob(options, opened, { signal, onProgress: progress.update, watched: options.ui })
  page?.show(job)
  if (page) process.stderr.write(`the live page: ${page.url}\n`)
  await job.whenIdle()
  progress.stop()
  let isGood: boolean | undefined
  if (page && !signal.aborted) {
    isGood = await report(await job.outcome(), options)
    process.stderr.write(`the live page stays until Ctrl-C: ${page.url}\n`)
    if (!signal.aborted) await once(signal, 'abort')
  }
  const outcome = await job.close()
  // What was done since is in the index, too.
  if (isGood === undefined) isGood = await report(outcome, options)
  else await saveIndex(toCsv(outcome.rows), options.out)
  if (outcome.end === 'interrupted') return interruption.code ?? 1
  return isGood ? 0 : 1
}

/** Writes the index, and says what was done; false when something is missing. */
async function report(outcome: Outcome, { folder, out, json }: DemoOptions): Promise<boolean> {
  const shortfall = describeShortfall(outcome)
  const isNothing = outcome.end !== 'done' && outcome.rows.length === 0
  const saved = isNothing ? undefined : await saveIndex(toCsv(outcome.rows), out)
  if (json) process.stdout.write(toJson(outcome, folder, saved?.path))
  else if (saved) process.stdout.write(summarise(outcome, saved.path ?? '(could not be written)'))
  if (saved?.problem !== undefined) complain(saved.problem)
  if (shortfall !== undefined) {
    const sentence = isNothing ? `${shortfall}; ${out} was not written` : shortfall
    if (outcome.end === 'interrupted') process.stderr.write(`${sentence}\n`)
    else complain(sentence)
  }
  return shortfall === undefined && saved?.problem === undefined
}

function complain(what: string) {
  process.stderr.write(`${styleText('red', 'error:', { stream: process.stderr })} ${what}\n`)
}

/** A long run is not to end in a file that cannot be written; nothing is created here. */
async function checkWritable(path: string) {
  try {
    const file = await open(path, 'r+').catch(async error => {
      if (error.code !== 'ENOENT') throw error
      await access(dirname(path), constants.W_OK)
    })
    await file?.close()
  } catch (error) {
    throw new Error(`cannot write the index to ${path}: ${(error as Error).message}`, { cause: error })
  }
}

showWarnings()
let code: number | undefined
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever reads what is printed may stop reading: the index is written all the same.
    if (error.code === 'EPIPE') return
    if (stream === process.stdout) complain(`cannot write to stdout: ${error.message}`)
    process.exitCode = code = code || 1
  })
}

const args = process.argv.slice(2)
try {
  const ended = await main(args)
  code ||= ended
} catch (error) {
  complain((error as Error).message)
  if (error instanceof UsageError) process.stderr.write(`\n${args[0] === 'tour' ? tourUsage : usage}`)
  code = error instanceof UsageError ? 2 : 1
}
process.exitCode = code
// What a run has given up is not to keep its process.
if (code !== 0) process.exit()
