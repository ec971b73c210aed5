import { compare } from './compare.ts'
import { deque } from './suites/deque.ts'

const suites = { deque }
const repetitions = 15
const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

const [name = ''] = process.argv.slice(2)
if (!Object.hasOwn(suites, name)) {
  console.error(`usage: pnpm bench <suite>, one of: ${Object.keys(suites).join(', ')}`)
  process.exit(2)
}
console.log(`${name}, Node ${process.version}, medians of ${repetitions} repetitions in turns\n`)
for (const workload of suites[name as keyof typeof suites]) {
  const { title, rows } = await compare(workload, repetitions)
  console.log(title)
  for (const { name, operationsPerSecond, ratio } of rows) {
    const speed = number.format(operationsPerSecond).padStart(14)
    console.log(`  ${name.padEnd(12)}${speed} operations/s   ours is ${ratio.toFixed(2)} × as fast`)
  }
  console.log()
}
