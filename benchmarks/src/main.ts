import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { compare, type Result } from './compare.ts'
import { missedGates, toTable } from './report.ts'
import { deque } from './suites/deque.ts'
import { threads } from './suites/threads/threads.ts'

const suites = { deque, threads }
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, gate: { type: 'boolean' }, repetitions: { type: 'string', default: '15' } },
})
const [name = ''] = positionals
if (!Object.hasOwn(suites, name)) {
  console.error(
    `usage: pnpm bench <suite> [--gate] [--json FILE] [--repetitions N], one of: ${Object.keys(suites).join(', ')}`,
  )
  process.exit(2)
}

const repetitions = Number(values.repetitions)
console.log(`${name}, Node ${process.version}, medians of ${repetitions} repetitions in turns\n`)
const results: Result[] = []
const suite = suites[name as keyof typeof suites]()
for (const workload of suite.workloads) {
  const result = await compare(workload, repetitions)
  results.push(result)
  console.log(toTable(result))
}
if (values.json) writeFileSync(values.json, JSON.stringify({ suite: name, node: process.version, results }, null, 2))
const missed = missedGates(results)
if (values.gate && missed.length > 0) {
  console.error(`missed gates:\n${missed.map(line => `  ${line}\n`).join('')}`)
}
await suite[Symbol.asyncDispose]()
process.exit(values.gate && missed.length > 0 ? 1 : 0)
