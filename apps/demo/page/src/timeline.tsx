import { useEffect, useRef, useState } from 'preact/hooks'
import type { Bar } from '../../src/page/update.ts'
import { barAt, barBeside } from './bar-at.ts'
import { describeBar, drawTimeline } from './draw-timeline.ts'
import { FileName } from './file-name.tsx'
import { type Model, timeOf } from './model.ts'
import type { Theme } from './theme.ts'
import { type Layout, layOut } from './timeline-layout.ts'
import { follow, pan, type View, zoom } from './timeline-view.ts'

/** What of the run is shown at first, in milliseconds. */
const length = 4000
/** How often it is drawn while it moves, in milliseconds: the page is not to take the CPU that the run needs. */
const frame = 80

interface Chosen {
  readonly bar: Bar
  readonly left: number
  readonly top: number
}

interface TimelineProps {
  readonly model: Model
  /** Whether the server tells of the run. */
  readonly isHeard: boolean
  readonly theme: Theme
}

export function Timeline({ model, isHeard, theme }: TimelineProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [view, setView] = useState<View>({ from: -length, to: 0, follows: true })
  const [chosen, choose] = useState<Chosen>()
  const [width, setWidth] = useState(0)
  const [moment, setMoment] = useState(0)
  const keyboardLane = useRef(0)
  const dragged = useRef<number | undefined>(undefined)

  const last = model.ended.at(-1)?.[4] ?? 0
  const now = timeOf(model, isHeard, performance.now())
  const shown = view.follows ? follow(view, now) : view
  const gutter = width < 600 ? 72 : 92
  const layout = layOut(model.latest.lanes, shown)
  const bars = () => [...model.ended, ...model.latest.running]
  const timeAt = (x: number) => shown.from + ((x - gutter) / (width - gutter)) * (shown.to - shown.from)
  const xAt = (time: number) => gutter + ((time - shown.from) / (shown.to - shown.from)) * (width - gutter)

  useEffect(() => {
    const element = canvas.current?.parentElement as HTMLElement
    const observer = new ResizeObserver(() => setWidth(element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  // It moves on between two updates, unless nothing moves.
  const isGoingOn = isHeard && !model.latest.isStill
  const isMoving = view.follows && isGoingOn && !matchMedia('(prefers-reduced-motion: reduce)').matches
  useEffect(() => {
    if (!isMoving) return
    const timer = setInterval(() => requestAnimationFrame(setMoment), frame)
    return () => clearInterval(timer)
  }, [isMoving])

  // `moment` and the theme change what is drawn.
  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (!element || !context || width === 0) return
    const ratio = devicePixelRatio
    element.width = width * ratio
    element.height = layout.height * ratio
    element.style.height = `${layout.height}px`
    context.scale(ratio, ratio)
    const { running, kills, stats } = model.latest
    const workers = new Set([...(stats?.workers ?? []), ...kills].map(({ pid }) => pid))
    drawTimeline(context, {
      width,
      gutter,
      view: shown,
      layout,
      ended: model.ended,
      running,
      kills,
      workers,
      now,
      chosen: chosen?.bar,
    })
  }, [model, width, shown.from, shown.to, chosen, theme, moment])

  const point = (event: PointerEvent) => {
    const { left, top } = (event.currentTarget as Element).getBoundingClientRect()
    const [x, y] = [event.clientX - left, event.clientY - top]
    if (dragged.current !== undefined) {
      setView(pan(shown, (dragged.current - x) / (width - gutter)))
      dragged.current = x
    }
    const found = find(layout, x, y)
    choose(found && { bar: found, left: x, top: y })
  }

  const find = ({ lanes }: Layout, x: number, y: number): Bar | undefined => {
    const lane = lanes.find(({ top, height }) => y >= top && y < top + height)
    if (!lane || x < gutter) return undefined
    const row = Math.floor((y - lane.top) / lane.rowHeight)
    return barAt(bars(), lane.index, row, timeAt(x - 2), timeAt(x + 2), now)
  }

  const step = (direction: 1 | -1) => {
    const lane = layout.lanes[keyboardLane.current % layout.lanes.length]
    if (!lane) return
    const from = chosen?.bar[0] === lane.index ? chosen.bar[3] : direction === 1 ? shown.from : shown.to
    const bar = barBeside(bars(), lane.index, from, direction)
    if (!bar) return
    const isOutside = bar[3] < shown.from || bar[3] > shown.to
    const half = (shown.to - shown.from) / 2
    setView(isOutside ? { from: bar[3] - half, to: bar[3] + half, follows: false } : { ...shown, follows: false })
    const left = isOutside ? gutter + (width - gutter) / 2 : xAt(bar[3])
    choose({ bar, left, top: lane.top + bar[1] * lane.rowHeight })
  }

  const chooseLane = (direction: 1 | -1) => {
    const { length } = layout.lanes
    if (length === 0) return
    keyboardLane.current = (keyboardLane.current + direction + length) % length
    choose(undefined)
    step(-1)
  }

  const center = (shown.from + shown.to) / 2
  const whole = () => setView({ from: 0, to: Math.max(1, last), follows: false })
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => setView(pan(shown, -0.2)),
    ArrowRight: () => setView(pan(shown, 0.2)),
    ArrowUp: () => chooseLane(-1),
    ArrowDown: () => chooseLane(1),
    '+': () => setView(zoom(shown, 0.5, center)),
    '-': () => setView(zoom(shown, 2, center)),
    '<': () => step(-1),
    '>': () => step(1),
    Home: whole,
    End: () => setView({ ...shown, follows: true }),
    Escape: () => choose(undefined),
  }

  return (
    <section class="panel timeline" aria-labelledby="timeline">
      <div class="heading">
        <h2 id="timeline">Timeline</h2>
        <span class="legend">
          <span class="swatch" data-colour="blue" /> put <span class="swatch" data-colour="teal" /> task{' '}
          <span class="swatch" data-colour="violet" /> thread <span class="swatch" data-colour="amber" /> again{' '}
          <span class="swatch" data-colour="red" /> failed
        </span>
        <fieldset class="controls" aria-label="The timeline">
          <button type="button" class="small" aria-label="Zoom in" onClick={keys['+']}>
            +
          </button>
          <button type="button" class="small" aria-label="Zoom out" onClick={keys['-']}>
            −
          </button>
          <button type="button" class="small" onClick={whole}>
            Whole run
          </button>
          <button
            type="button"
            class="small"
            aria-pressed={view.follows}
            onClick={() => setView({ ...shown, follows: !view.follows })}
          >
            Follow
          </button>
        </fieldset>
      </div>
      <div class="lanes">
        <canvas
          ref={canvas}
          tabIndex={0}
          role="img"
          aria-label="What each thread of each process does, over time"
          aria-describedby="timeline-keys"
          onPointerMove={point}
          onPointerLeave={() => choose(undefined)}
          onPointerDown={event => {
            event.currentTarget.setPointerCapture(event.pointerId)
            dragged.current = event.clientX - event.currentTarget.getBoundingClientRect().left
          }}
          onPointerUp={() => {
            dragged.current = undefined
          }}
          onWheel={event => {
            if (!event.ctrlKey && !event.metaKey && !event.shiftKey) return
            event.preventDefault()
            const { left } = event.currentTarget.getBoundingClientRect()
            setView(zoom(shown, 1.002 ** (event.deltaY || event.deltaX), timeAt(event.clientX - left)))
          }}
          onKeyDown={event => {
            const onKey = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key]
            if (!onKey) return
            event.preventDefault()
            onKey()
          }}
        />
        {chosen && <Tip chosen={chosen} now={now} width={width} />}
      </div>
      <p id="timeline-keys" class="hint">
        Drag to move, <kbd>Ctrl</kbd> and wheel to zoom. With the keyboard: <kbd>←</kbd> <kbd>→</kbd> move, <kbd>+</kbd>{' '}
        <kbd>−</kbd> zoom, <kbd>↑</kbd> <kbd>↓</kbd> lane, <kbd>&lt;</kbd> <kbd>&gt;</kbd> bar, <kbd>Home</kbd> whole
        run, <kbd>End</kbd> follow.
      </p>
    </section>
  )
}

function Tip({ chosen: { bar, left, top }, now, width }: { chosen: Chosen; now: number; width: number }) {
  const isRight = left > width / 2
  const place = isRight ? { right: `${width - left + 12}px` } : { left: `${left + 12}px` }
  return (
    <div class="tip" role="status" style={{ ...place, top: `${top + 14}px` }}>
      <FileName path={bar[5]} />
      <span>{describeBar(bar, now)}</span>
    </div>
  )
}
