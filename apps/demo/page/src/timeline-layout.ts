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
const [least, most] = [28, 72]

/** Where the lanes go, process by process; those of processes that ended before the view are left out. */
export function layOut(lanes: readonly Lane[], view: View): Layout {
  const shown = lanes
    .map((lane, index) => ({ ...lane, index }))
    .filter(({ ended }) => ended === undefined || ended > view.from)
  const placed: PlacedLane[] = []
  const headings: Heading[] = []
  let top = axis
  for (const [pid, group] of Map.groupBy(shown, ({ pid }) => pid)) {
    headings.push({ pid, top, ended: group[0]?.ended })
    top += heading
    for (const lane of group.sort((a, b) => rank(a) - rank(b) || compare(a, b))) {
      const height =
        lane.rows === 1 && !lane.thread.startsWith('loop') ? single : Math.min(most, Math.max(least, lane.rows * 3))
      placed.push({ ...lane, top, height, rowHeight: height / lane.rows })
      top += height + gap
    }
    top += gap
  }
  return { lanes: placed, headings, height: Math.max(top, axis + heading) }
}

/** As the work goes: from the main thread through the loop to the threads that compute. */
const rank = ({ thread }: Lane) => (thread === 'main' ? 0 : thread.startsWith('loop') ? 1 : 2)

const compare = (a: Lane, b: Lane) => a.thread.localeCompare(b.thread, 'en', { numeric: true })
