import type { Lane } from '../../src/page/update.ts'
import type { View } from './timeline-view.ts'

/** A lane's place on the canvas, in CSS pixels. */
export interface PlacedLane extends Lane {
  /** Its place among all lanes. */
  readonly index: number
  readonly top: number
  readonly height: number
  /** The height of each of its rows. */
  readonly rowHeight: number
}

/** The heading above the lanes of a process. */
export interface Heading {
  readonly pid: number
  readonly top: number
  readonly ended: number | undefined
}

export interface Layout {
  readonly lanes: readonly PlacedLane[]
  readonly headings: readonly Heading[]
  readonly height: number
}

const axis = 24
const heading = 22
const gap = 4
const single = 16
/** How high lanes of many rows are: the loop's tasks are what is looked at. */
const high = { loop: 72, other: 28 }

/** Where the lanes go, process by process; those of processes that ended before the view are left out. */
export function layOut(lanes: readonly Lane[], view: View): Layout {
  const shown = lanes
    .map((lane, index) => ({ ...lane, index }))
    .filter(({ ended }) => ended === undefined || ended > view.from)
  const placed: PlacedLane[] = []
  const headings: Heading[] = []
  let top = axis
  const processes = [...Map.groupBy(shown, ({ pid }) => pid)].sort(([a], [b]) => a - b)
  for (const [pid, group] of processes) {
    headings.push({ pid, top, ended: group[0]?.ended })
    top += heading
    for (const lane of group.sort((a, b) => rank(a) - rank(b) || compare(a, b))) {
      const rowHeight = rowHeightOf(lane)
      const height = rowHeight * lane.rows
      placed.push({ ...lane, top, height, rowHeight })
      top += height + gap
    }
    top += gap
  }
  return { lanes: placed, headings, height: Math.max(top, axis + heading) }
}

const isLoop = ({ thread }: Lane) => thread.startsWith('loop')

/** Whole pixels for as many rows as there is room for: fractions of them would show as stripes. */
function rowHeightOf(lane: Lane): number {
  if (lane.rows === 1) return single
  const room = (isLoop(lane) ? high.loop : high.other) / lane.rows
  return room < 1 ? room : Math.min(6, Math.floor(room))
}

/** As the work goes: from the main thread through the loop to the threads that compute. */
const rank = (lane: Lane) => (lane.thread === 'main' ? 0 : isLoop(lane) ? 1 : 2)

const compare = (a: Lane, b: Lane) => a.thread.localeCompare(b.thread, 'en', { numeric: true })
