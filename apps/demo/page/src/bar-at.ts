import type { Bar } from '../../src/page/update.ts'

/** What stands at a moment in a row of a lane; of several the shortest. */
export function barAt(
  bars: Iterable<Bar>,
  lane: number,
  row: number,
  from: number,
  to: number,
  now: number,
): Bar | undefined {
  let best: Bar | undefined
  for (const bar of bars) {
    if (bar[0] !== lane || bar[1] !== row || bar[3] > to || (bar[4] ?? now) < from) continue
    if (!best || lengthOf(bar, now) < lengthOf(best, now)) best = bar
  }
  return best
}

/** The bar of a lane that begins next, or began last, seen from a moment. */
export function barBeside(bars: Iterable<Bar>, lane: number, moment: number, direction: 1 | -1): Bar | undefined {
  let best: Bar | undefined
  for (const bar of bars) {
    const ahead = (bar[3] - moment) * direction
    if (bar[0] === lane && ahead > 0 && (!best || ahead < (best[3] - moment) * direction)) best = bar
  }
  return best
}

const lengthOf = (bar: Bar, now: number) => (bar[4] ?? now) - bar[3]
