/** One of those that are compared: does the work once, and gives what must come out of it. */
export interface Contender {
  readonly name: string
  run(): unknown
}

export interface Workload {
  readonly title: string
  /** Operations in one run. */
  readonly operations: number
  /** What every run of every contender must give. */
  readonly expected: unknown
  /** Ours first; the others are the peers. */
  readonly contenders: readonly [ours: Contender, ...peers: Contender[]]
}

export interface Result {
  readonly title: string
  readonly rows: readonly {
    readonly name: string
    /** Median of the repetitions. */
    readonly operationsPerSecond: number
    /** Our speed over this one's: the median of the ratios within a repetition. */
    readonly ratio: number
  }[]
}

/**
 * Runs the contenders in turns, `repetitions` times after a warm-up, so that what disturbs the machine disturbs them alike.
 *
 * @throws Error when a run gives anything but what is expected
 */
export async function compare(workload: Workload, repetitions: number, now = () => performance.now()): Promise<Result> {
  const { title, operations, contenders } = workload
  const times: number[][] = contenders.map(() => [])
  for (let repetition = -1; repetition < repetitions; repetition++) {
    for (const [index, contender] of contenders.entries()) {
      const started = now()
      const given = await contender.run()
      const time = now() - started
      if (given !== workload.expected) {
        throw new Error(`${title}: ${contender.name} gave ${given}, not ${workload.expected}`)
      }
      if (repetition >= 0) times[index]?.push(time)
    }
  }
  const ours = times[0] ?? []
  const rows = contenders.map(({ name }, index) => {
    const theirs = times[index] ?? []
    return {
      name,
      operationsPerSecond: (operations / median(theirs)) * 1000,
      ratio: median(theirs.map((time, repetition) => time / (ours[repetition] ?? Number.NaN))),
    }
  })
  return { title, rows }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}
