import { soakSharedDeque } from './soak-shared-deque.ts'

// pnpm soak [seconds]
const seconds = Number(process.argv[2] ?? 60)
if (!(seconds > 0 && seconds < Number.POSITIVE_INFINITY))
  throw new RangeError(`not a number of seconds: ${process.argv[2]}`)
const figures = await soakSharedDeque(1000 * seconds)
console.log(figures)
if (figures.longest > 200) console.log('an operation took more than 200 ms')
if (figures.longest > 200 || figures.violations.length > 0) process.exitCode = 1
