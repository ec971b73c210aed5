import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import UPlot from 'uplot'
import type { Sample } from '../../src/page/update.ts'
import { formatClock } from './format.ts'
import { colour, type Theme } from './theme.ts'

export interface Curve {
  readonly label: string
  /** The name of a colour of the style sheet. */
  readonly colour: string
  readonly value: (sample: Sample) => number | undefined
  readonly isFilled?: boolean
}

interface ChartProps {
  readonly title: string
  readonly curves: Curve[]
  readonly format: (value: number | undefined) => string
  readonly samples: readonly Sample[]
  readonly theme: Theme
}

const height = 148
/** What may lie between two moments on the axis, in seconds: their labels have no fractions. */
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 3600]

/** A chart of the run over time; what its curves are at, at the end or where the pointer is, stands above it. */
export function Chart({ title, curves, format, samples, theme }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<UPlot | undefined>(undefined)
  const values = useRef<(HTMLElement | null)[]>([])
  const data = dataOf(curves, samples)

  const showValues = (index: number | null | undefined) => {
    for (const [i, element] of values.current.entries()) {
      const column = plot.current?.data[i + 1]
      if (element) element.textContent = format(column?.[index ?? column.length - 1] ?? undefined)
    }
  }

  // Another theme has other colours, and so another plot.
  useLayoutEffect(() => {
    const element = place.current as HTMLDivElement
    const options = optionsOf(curves, format, element.clientWidth, plot => showValues(plot.cursor.idx))
    const made = new UPlot(options, data, element)
    plot.current = made
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.destroy()
      plot.current = undefined
    }
  }, [theme])
  useEffect(() => {
    plot.current?.setData(data)
    showValues(plot.current?.cursor.idx)
  })

  return (
    <figure class="panel chart">
      <figcaption>
        <h2>{title}</h2>
        <dl>
          {curves.map(({ label, colour }, i) => (
            <div key={label}>
              <dt>
                <span class="swatch" data-colour={colour} />
                {label}
              </dt>
              <dd
                ref={element => {
                  values.current[i] = element
                }}
              />
            </div>
          ))}
        </dl>
      </figcaption>
      <div ref={place} class="plot" aria-hidden="true" />
    </figure>
  )
}

function dataOf(curves: Curve[], samples: readonly Sample[]): UPlot.AlignedData {
  return [
    samples.map(({ at }) => at / 1000),
    ...curves.map(({ value }) => samples.map(sample => value(sample) ?? null)),
  ] as UPlot.AlignedData
}

function optionsOf(
  curves: Curve[],
  format: ChartProps['format'],
  width: number,
  setCursor: (plot: UPlot) => void,
): UPlot.Options {
  const font = '11px ui-sans-serif, system-ui, sans-serif'
  const axis = { stroke: colour('muted'), font, ticks: { show: false }, gap: 6 }
  const grid = { stroke: colour('line'), width: 1 }
  return {
    width,
    height,
    padding: [8, 14, 0, 0],
    legend: { show: false },
    // One moment is pointed at in all charts.
    cursor: { y: false, drag: { x: false, y: false }, sync: { key: 'run' }, points: { size: 6 } },
    hooks: { setCursor: [setCursor] },
    scales: { x: { time: false }, y: { range: (_, __, most) => [0, Math.max(1, most * 1.08)] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 22,
        space: 60,
        incrs: steps,
        values: (_, ticks) => ticks.map(s => formatClock(s * 1000)),
      },
      { ...axis, grid, size: 52, space: 36, values: (_, ticks) => ticks.map(value => format(value)) },
    ],
    series: [
      {},
      ...curves.map(({ label, colour: name, isFilled }) => ({
        label,
        stroke: colour(name),
        width: 1.5,
        points: { show: false },
        ...(isFilled ? { fill: `${colour(name)}1f` } : {}),
      })),
    ],
  }
}
