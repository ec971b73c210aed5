import type { Bar, Kill } from '../../src/page/update.ts'
import { hasEndedWell } from './ended-well.ts'
import { formatClock, formatDuration } from './format.ts'
import { colour } from './theme.ts'
import type { Layout, PlacedLane } from './timeline-layout.ts'
import type { View } from './timeline-view.ts'

export interface Scene {
  readonly width: number
  /** How much of it the names of the lanes take. */
  readonly gutter: number
  readonly view: View
  readonly layout: Layout
  readonly ended: readonly Bar[]
  readonly running: readonly Bar[]
  readonly kills: readonly Kill[]
  /** The processes that work off the queue. */
  readonly workers: ReadonlySet<number>
  readonly now: number
  readonly chosen: Bar | undefined
}

const names = ['ink', 'muted', 'line', 'panel', 'band', 'blue', 'teal', 'amber', 'red', 'violet'] as const
const font = '11px ui-sans-serif, system-ui, sans-serif'

/** Draws the scene; one pixel of it is one of CSS, whatever the canvas has. */
export function drawTimeline(context: CanvasRenderingContext2D, scene: Scene): void {
  const colours = Object.fromEntries(names.map(name => [name, colour(name)])) as Colours
  const { width, gutter, view, layout } = scene
  const x = (time: number) => gutter + ((time - view.from) / (view.to - view.from)) * (width - gutter)
  context.clearRect(0, 0, width, layout.height)
  context.font = font
  context.textBaseline = 'middle'
  drawAxis(context, scene, colours, x)
  for (const { top, height } of layout.lanes) {
    context.fillStyle = colours.band
    context.fillRect(gutter, top, width - gutter, height)
  }
  context.save()
  context.beginPath()
  context.rect(gutter, 0, width - gutter, layout.height)
  context.clip()
  drawBars(context, scene, colours, x)
  drawKills(context, scene, colours, x)
  context.restore()
  drawNames(context, scene, colours)
}

type Colours = Readonly<Record<(typeof names)[number], string>>
type ToX = (time: number) => number

function drawAxis(context: CanvasRenderingContext2D, { width, gutter, view, layout }: Scene, colours: Colours, x: ToX) {
  const step = stepOf((view.to - view.from) / Math.max(2, (width - gutter) / 90))
  context.textAlign = 'center'
  for (let time = Math.ceil(view.from / step) * step; time <= view.to; time += step) {
    if (time < 0) continue
    const at = Math.round(x(time)) + 0.5
    context.fillStyle = colours.line
    context.fillRect(at, 20, 1, layout.height)
    context.fillStyle = colours.muted
    const digits = step >= 1000 ? 0 : step >= 100 ? 1 : step >= 1 ? 3 : 5
    if (at > gutter + 20 && at < width - 20) context.fillText(formatClock(time, digits), at, 10)
  }
}

/** A round number of milliseconds that is not less. */
function stepOf(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  const step = [1, 2, 5, 10].map(factor => factor * power).find(step => step >= least) ?? least
  // Minutes and seconds are counted by sixties.
  return step <= 10_000
    ? step
    : ([15_000, 30_000, 60_000, 120_000, 300_000, 600_000].find(s => s >= least) ?? 1_200_000)
}

function drawBars(context: CanvasRenderingContext2D, scene: Scene, colours: Colours, x: ToX) {
  const { layout, view, ended, running, now, chosen } = scene
  const lanes = new Map(layout.lanes.map(lane => [lane.index, lane]))
  // Where the last bar of each row has ended: what would be drawn on the same pixel is not drawn again.
  const drawn = new Map<number, number>()
  for (const bar of ended) {
    const [index, row, , start, endedAt, , attempt, error] = bar
    const lane = lanes.get(index)
    const end = endedAt ?? now
    if (!lane || end < view.from || start > view.to) continue
    const [left, right] = [x(start), x(end)]
    const key = index * 256 + row
    const isPlain = error === null && attempt < 2 && bar !== chosen
    if (isPlain && right - (drawn.get(key) ?? Number.NEGATIVE_INFINITY) < 0.5) continue
    drawn.set(key, right)
    fill(context, lane, row, left, right, colourOf(bar, colours), 0.9)
  }
  for (const bar of running) {
    const [index, row, , start] = bar
    const lane = lanes.get(index)
    if (!lane || start > view.to) continue
    fill(context, lane, row, x(start), x(now), colourOf(bar, colours), 0.45)
  }
  const lane = chosen && lanes.get(chosen[0])
  if (!lane) return
  context.globalAlpha = 1
  const [left, right] = [x(chosen[3]), x(chosen[4] ?? now)]
  context.strokeStyle = colours.ink
  context.lineWidth = 1.5
  const top = lane.top + chosen[1] * lane.rowHeight
  context.strokeRect(left - 1, top - 1, Math.max(2, right - left) + 2, Math.max(3, lane.rowHeight) + 2)
}

function fill(
  context: CanvasRenderingContext2D,
  lane: PlacedLane,
  row: number,
  left: number,
  right: number,
  style: string,
  alpha: number,
) {
  const width = right - left
  context.globalAlpha = alpha
  context.fillStyle = style
  const gap = lane.rowHeight > 2.5 ? 1 : 0
  // Bars one after the other are told apart where there is room for it.
  context.fillRect(
    left,
    lane.top + row * lane.rowHeight,
    Math.max(1, width > 4 ? width - 1 : width),
    lane.rowHeight - gap,
  )
  context.globalAlpha = 1
}

function colourOf([, , kind, , , , attempt, error]: Bar, colours: Colours): string {
  if (error !== null) return colours.red
  if (attempt > 1) return colours.amber
  return { send: colours.blue, task: colours.teal, call: colours.violet }[kind]
}

function drawKills(context: CanvasRenderingContext2D, { kills, layout }: Scene, colours: Colours, x: ToX) {
  for (const kill of kills) {
    const { at, pid } = kill
    const lanes = layout.lanes.filter(lane => lane.pid === pid)
    const [first, last] = [lanes[0], lanes.at(-1)]
    if (!first || !last) continue
    context.fillStyle = hasEndedWell(kill) ? colours.muted : colours.red
    context.fillRect(Math.round(x(at)), first.top - 2, 2, last.top + last.height - first.top + 4)
  }
}

function drawNames(context: CanvasRenderingContext2D, scene: Scene, colours: Colours) {
  const { gutter, layout, width, workers, kills } = scene
  const wasKilled = new Set(kills.filter(kill => !hasEndedWell(kill)).map(({ pid }) => pid))
  context.fillStyle = colours.panel
  context.fillRect(0, 0, gutter - 1, layout.height)
  context.textAlign = 'left'
  for (const { pid, top, ended } of layout.headings) {
    context.fillStyle = colours.line
    context.fillRect(0, top, width, 1)
    context.fillStyle = wasKilled.has(pid) ? colours.red : colours.ink
    context.font = `600 ${font}`
    const name = workers.has(pid) ? `worker ${pid}` : `process ${pid}`
    context.fillText(ended === undefined ? name : `${name}, ended at ${formatClock(ended, 1)}`, 0, top + 13)
    context.font = font
  }
  for (const { thread, top, height } of layout.lanes) {
    context.fillStyle = colours.muted
    context.fillText(thread, 0, top + height / 2, gutter - 8)
  }
}

/** What a bar says of itself, beside the file. */
export function describeBar([, , kind, start, end, , attempt, error]: Bar, now: number): string {
  const took = formatDuration((end ?? now) - start)
  return [
    { send: 'put into the queue', task: 'task of the loop', call: 'call in a thread' }[kind],
    end === null ? `runs for ${took}` : took,
    `at ${formatClock(start, 3)}`,
    ...(attempt > 0 ? [`attempt ${attempt}`] : []),
    ...(error === null ? [] : [error]),
  ].join(' · ')
}
