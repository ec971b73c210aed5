import { mkdirSync, mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from './build.ts'
import { describeMachine } from './machine.ts'
import { type Options, parseOptions, usage } from './options.ts'
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

async function list({ suite, only }: Options) {
  process.env.FOSEN_NO_INSTALL = '1'
  const { workloads } = await suites[suite]()
  for (const { title } of workloads) if (title.includes(only)) console.log(title)
  process.exit()
}

async function bench({ suite, only, repetitions, gate, json }: Options) {
  // Ctrl-C ends the suite, and then this goes on to clean up.
  process.once('SIGINT', () => {})
  mkdirSync(cache, { recursive: true })
  using folder = mkdtempDisposableSync(join(cache, 'bench-'))
  const built = await build(folder.path)
  const machine = describeMachine()
  console.log(`${suite} on ${machine.cpus} CPUs (${machine.cpu}), Node ${machine.node}\n`)

  const job = { suite, only, repetitions, judge: gate }
  const results = await runApart(built, job)
  if (results.length === 0) throw new Error(`no workload of ${suite} has '${only}' in its title`)
  const pinned = gate ? await runPinned(built, job, results, process.platform) : undefined
  const missed = [...missedGates(results), ...(pinned?.missed ?? [])]
  if (json) {
    const report = { suite, machine, results, ...(pinned && { pinned: pinned.results, missed }) }
    writeFileSync(json, JSON.stringify(report, null, 2))
  }
  if (missed.length > 0) {
    console.error(`missed gates:\n${missed.map(line => `  ${line}\n`).join('')}`)
    process.exitCode = 1
  }
}
