import { soakMutex } from './soak-mutex.ts'

// pnpm soak [seconds]
const seconds = Number(process.argv[2] ?? 60)
if (!(seconds > 0 && seconds < Number.POSITIVE_INFINITY))
  throw new RangeError(`not a number of seconds: ${process.argv[2]}`)
const figures = await soakMutex(1000 * seconds)
console.log(figures)
if (figures.longestOwn > 200) {
  console.log('a thread was blocked for more than 200 ms')
  process.exitCode = 1
}
