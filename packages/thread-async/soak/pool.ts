import { soakPool } from './soak-pool.ts'

if (import.meta.main) {
  // pnpm soak [seconds]
  const seconds = Number(process.argv[2] ?? 60)
  if (!(seconds > 0 && seconds < Number.POSITIVE_INFINITY))
    throw new RangeError(`not a number of seconds: ${process.argv[2]}`)
  const figures = await soakPool(1000 * seconds)
  console.log(figures)
  if (figures.violations.length > 0) process.exitCode = 1
}
