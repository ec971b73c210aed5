/** One of those that are compared: does the work once, and gives what must come out of it. */
export interface Contender {
  readonly name: string
  run(): unknown
  /** Called after each run, and not timed. */
  settle?(): unknown
}

export interface Workload {
  readonly title: string
  /** Operations in one run. */
  readonly operations: number
  /** What every run of every contender must give. */
  readonly expected: unknown
  /** Ours first; the others are the peers. */
  readonly contenders: readonly [ours: Contender, ...peers: Contender[]]
  /** What ours must reach: so many times the speed of the best peer. */
  readonly gate?: number | undefined
}

/** Workloads, and what is closed after the last of them. */
export interface Suite extends AsyncDisposable {
  readonly workloads: readonly Workload[]
}

export interface Row {
  readonly name: string
  /** Median of the repetitions. */
  readonly operationsPerSecond: number
  /** From the lower to the upper quartile of the repetitions, as a part of the median. */
  readonly spread: number
  /** Our speed over this one's: the median of the ratios within a repetition. */
  readonly ratio: number
}

export interface Result {
  readonly title: string
  readonly rows: readonly Row[]
  readonly gate: number | undefined
  /** Our speed over the best peer's. */
  readonly ratio: number
}

/**
 * Runs the contenders in turns, `repetitions` times after a warm-up, so that what disturbs the machine disturbs them alike.
 *
 * @throws Error when a run gives anything but what is expected
 */
export async function compare(workload: Workload, repetitions: number, now = () => performance.now()): Promise<Result> {
  const { title, operations, contenders, gate } = workload
  const times: number[][] = contenders.map(() => [])
  for (let repetition = -1; repetition < repetitions; repetition++) {
    for (const [index, contender] of contenders.entries()) {
      const started = now()
      const given = await contender.run()
      const time = now() - started
      await contender.settle?.()
      if (given !== workload.expected) {
        throw new Error(`${title}: ${contender.name} gave ${given}, not ${workload.expected}`)
      }
      if (repetition >= 0) times[index]?.push(time)
    }
  }
  const ours = times[0] ?? []
  const rows = contenders.map(({ name }, index) => {
    const theirs = times[index] ?? []
    const middle = quantile(theirs, 0.5)
    const ratios = theirs.map((time, repetition) => time / (ours[repetition] ?? Number.NaN))
    return {
      name,
      operationsPerSecond: (operations / middle) * 1000,
      spread: (quantile(theirs, 0.75) - quantile(theirs, 0.25)) / middle,
      ratio: quantile(ratios, 0.5),
    }
  })
  return { title, rows, gate, ratio: Math.min(...rows.slice(1).map(({ ratio }) => ratio)) }
}

/** Between the two nearest values where it falls between them. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const position = (sorted.length - 1) * part
  const below = sorted[Math.floor(position)] ?? Number.NaN
  const above = sorted[Math.ceil(position)] ?? Number.NaN
  return below + (above - below) * (position - Math.floor(position))
}
