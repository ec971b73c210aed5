import { mkdirSync, mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from './build.ts'
import type { Job } from './job.ts'
import { describeMachine } from './machine.ts'
import type { Result } from './measure.ts'
import { type Options, parseOptions, usage } from './options.ts'
import { type SuiteRun, writePage } from './page/page.ts'
import { runPinned } from './pinned.ts'
import { missedGates } from './report.ts'
import { runApart } from './run-apart.ts'
import { suites } from './suites.ts'

const cache = fileURLToPath(new URL('../node_modules/.cache', import.meta.url))

let options: Options
try {
  options = parseOptions(process.argv.slice(2))
} catch (error) {
  console.error(`${(error as Error).message}\n${usage}`)
  process.exit(2)
}
await (options.list ? list(options) : bench(options))

async function list({ suites: names, only }: Options) {
  process.env.FOSEN_NO_INSTALL = '1'
  for (const name of names) {
    const { workloads } = await suites[name]()
    for (const { title } of workloads) if (title.includes(only)) console.log(title)
  }
  process.exit()
}

async function bench({ suites: names, only, repetitions, gate, json, page }: Options) {
  // Ctrl-C ends the suite, and then this goes on to clean up.
  process.once('SIGINT', () => {})
  mkdirSync(cache, { recursive: true })
  using folder = mkdtempDisposableSync(join(cache, 'bench-'))
  const built = await build(folder.path)
  const machine = describeMachine()

  const runs: BenchRun[] = []
  for (const suite of names) {
    console.log(`${suite} on ${machine.cpus} CPUs (${machine.cpu}), Node ${machine.node}\n`)
    runs.push(await runSuite(built, { suite, only, repetitions, judge: gate }, names.length === 1))
  }
  const found = runs.filter(({ results, error }) => results.length > 0 || error !== undefined)
  if (found.length === 0) throw new Error(`no workload of ${names.join(', ')} has '${only}' in its title`)
  if (json) {
    const reports = found.map(({ suite, results, pinned, missed, error }) => ({
      ...{ suite, machine, results },
      ...(pinned && { pinned, missed }),
      ...(error !== undefined && { error }),
    }))
    writeFileSync(json, JSON.stringify(names.length === 1 ? reports[0] : reports, null, 2))
  }
  if (page !== undefined) {
    writePage(page, machine, found)
    console.log(`the page is ${page}`)
  }
  const missed = found.flatMap(run => run.missed)
  if (missed.length > 0) console.error(`missed gates:\n${missed.map(line => `  ${line}\n`).join('')}`)
  if (missed.length > 0 || found.some(({ error }) => error !== undefined)) process.exitCode = 1
}

interface BenchRun extends SuiteRun {
  readonly pinned?: readonly Result[]
  readonly missed: readonly string[]
}

/** Where several run, one that fails does not keep the others from it. */
async function runSuite(built: string, job: Job, isAlone: boolean): Promise<BenchRun> {
  const { suite } = job
  try {
    const results = await runApart(built, job)
    const pinned = job.judge && results.length > 0 ? await runPinned(built, job, results, process.platform) : undefined
    const missed = [...missedGates(results), ...(pinned?.missed ?? [])]
    return { suite, results, missed, ...(pinned && { pinned: pinned.results }) }
  } catch (error) {
    if (isAlone) throw error
    const { message } = error as Error
    console.error(`${message}\n`)
    return { suite, results: [], missed: [], error: message }
  }
}
