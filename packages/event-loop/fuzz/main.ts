import { parseArgs } from 'node:util'
import { check } from './check.ts'

const { values } = parseArgs({
  options: { programs: { type: 'string', default: '100000' }, seed: { type: 'string' } },
})
const total = Number(values.programs)
const seed = values.seed === undefined ? Math.trunc(Math.random() * 2 ** 31) : Number(values.seed)
if (!Number.isSafeInteger(total) || total < 1 || !Number.isInteger(seed) || Math.abs(seed) >= 2 ** 31) {
  throw new RangeError('usage: node fuzz/main.ts [--programs <how many>] [--seed <integer of 32 bits>]')
}

const start = performance.now()
let [run, lines] = [0, 0]
let divided = false
for (let part = 0; run < total; part++) {
  // A seed for each part, with which a divergence is found again in seconds.
  const seedOfPart = (seed + part) | 0
  const outcome = check(seedOfPart, Math.min(1000, total - run))
  run += outcome.programs
  lines += outcome.lines
  const rate = Math.round((1000 * run) / (performance.now() - start))
  console.log(`seed ${seedOfPart}: ${run} programs, ${lines} lines of trace, ${rate} programs a second`)
  if (outcome.divergence === undefined) continue
  console.log(`\n${outcome.divergence}\n\nthe traces differ: --seed ${seedOfPart} --programs ${outcome.programs}`)
  divided = true
  break
}
process.exitCode = divided ? 1 : 0
if (!divided) console.log('the traces are identical')
