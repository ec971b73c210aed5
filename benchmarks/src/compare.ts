import { type Contender, Timed, type Untimed, type Workload } from './workload.ts'

export interface Row {
  readonly name: string
  /** Median time of a run. */
  readonly milliseconds: number
  readonly operationsPerSecond: number
  /** From the lower to the upper quartile of the repetitions, as a part of the median. */
  readonly spread: number
  /** Our speed over this one's: the median of the ratios within a repetition. */
  readonly ratio: number
  /** What one operation holds in memory while it is in flight, where that was asked for. */
  readonly bytes?: number
}

/** What one comparison has found. */
export interface Comparison {
  readonly repetitions: number
  /** Ours first. */
  readonly rows: readonly [ours: Row, ...peers: Row[]]
  /** The peer that ours is least ahead of. */
  readonly best: Row | undefined
}

/**
 * Runs the contenders in turns, `repetitions` times after a warm-up, so that what disturbs the machine disturbs them alike;
 * each repetition begins with another one.
 *
 * @throws Error when a run gives anything but what is expected
 */
export async function compare(
  { title, operations, expected, contenders, warmUp = 0 }: Workload,
  repetitions: number,
  now = () => performance.now(),
): Promise<Comparison> {
  const present = contenders.filter(contender => 'run' in contender)
  const times: number[][] = present.map(() => [])
  const takeTurns = async (first: number, record: (index: number, milliseconds: number) => void) => {
    for (let turn = 0; turn < present.length; turn++) {
      const index = (turn + first) % present.length
      const contender = present[index] as Contender
      const { given, milliseconds } = await time(contender, now)
      if (given !== expected) throw new Error(`${title}: ${contender.name} gave ${given}, not ${expected}`)
      record(index, milliseconds)
    }
  }
  const warm = now() + warmUp
  do await takeTurns(0, () => {})
  while (now() < warm)
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    await takeTurns(repetition, (index, milliseconds) => times[index]?.push(milliseconds))
  }
  const bytes: (number | undefined)[] = []
  for (const contender of present) bytes.push(await contender.bytes?.())
  const ours = times[0] ?? []
  const [row, ...peers] = present.map(({ name }, index) => {
    const theirs = times[index] ?? []
    const milliseconds = quantile(theirs, 0.5)
    const held = bytes[index]
    const ratios = theirs.map((time, repetition) => time / (ours[repetition] ?? Number.NaN))
    return {
      name,
      milliseconds,
      operationsPerSecond: (operations / milliseconds) * 1000,
      spread: (quantile(theirs, 0.75) - quantile(theirs, 0.25)) / milliseconds,
      ratio: quantile(ratios, 0.5),
      ...(held !== undefined && { bytes: held }),
    }
  })
  const [best] = peers.toSorted((a, b) => a.ratio - b.ratio)
  return { repetitions, rows: [row as Row, ...peers], best }
}

async function time(contender: Contender, now: () => number) {
  let offTheClock = 0
  const untimed: Untimed = async work => {
    const stopped = now()
    const given = await work()
    offTheClock += now() - stopped
    return given
  }
  const started = now()
  const given = await contender.run(untimed)
  if (given instanceof Timed) return given
  return { given, milliseconds: now() - started - offTheClock }
}

/** Between the two nearest values where it falls between them. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const position = (sorted.length - 1) * part
  const below = sorted[Math.floor(position)] ?? Number.NaN
  const above = sorted[Math.ceil(position)] ?? Number.NaN
  return below + (above - below) * (position - Math.floor(position))
}
