import { formatClock, formatDuration, formatNumber } from './format.ts'
import type { Model } from './model.ts'

/** The run in numbers, and how far it is. */
export function Figures({ model: { samples, latest } }: { readonly model: Model }) {
  const last = samples.at(-1)
  const { stats } = latest
  if (!stats) return null
  const { found, done, repeated, queue, workers } = stats
  const figures: [name: string, value: string, class_?: string][] = [
    ['done', formatNumber(done)],
    ['found', formatNumber(found)],
    ['files/s', formatNumber(last?.rate)],
    ['waiting', formatNumber(queue.ready + queue.delayed)],
    ['in flight', formatNumber(queue.inFlight)],
    ['p95', formatDuration(last?.p95)],
    ['repeated', formatNumber(repeated)],
    ['dead', formatNumber(queue.dead), queue.dead > 0 ? 'bad' : ''],
    ['workers', formatNumber(workers.length)],
    ['time', formatClock(last?.at ?? 0)],
  ]
  return (
    <section class="figures" aria-label="The run in numbers">
      <dl>
        {figures.map(([name, value, class_ = '']) => (
          <div key={name} class={class_}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <progress aria-label="Files that are done" max={Math.max(1, found)} value={done} />
    </section>
  )
}
