import type { Sample } from '../../src/page/update.ts'
import { Chart, type Curve } from './chart.tsx'
import { formatDuration, formatNumber } from './format.ts'
import type { Model } from './model.ts'
import type { Theme } from './theme.ts'

const depth: Curve[] = [
  { label: 'waiting', colour: 'blue', value: ({ ready }: Sample) => ready, isFilled: true },
  { label: 'in flight', colour: 'teal', value: ({ inFlight }: Sample) => inFlight },
  { label: 'delayed', colour: 'amber', value: ({ delayed }: Sample) => delayed },
  { label: 'dead', colour: 'red', value: ({ dead }: Sample) => dead },
]
const throughput: Curve[] = [{ label: 'files/s', colour: 'teal', value: ({ rate }: Sample) => rate, isFilled: true }]
const latency: Curve[] = [
  { label: 'p50', colour: 'teal', value: ({ p50 }: Sample) => p50 },
  { label: 'p95', colour: 'amber', value: ({ p95 }: Sample) => p95 },
  { label: 'p99', colour: 'red', value: ({ p99 }: Sample) => p99 },
]

export function Charts({ model: { samples }, theme }: { readonly model: Model; readonly theme: Theme }) {
  return (
    <div class="charts">
      <Chart title="Queue depth" curves={depth} format={formatNumber} samples={samples} theme={theme} />
      <Chart title="Throughput" curves={throughput} format={formatNumber} samples={samples} theme={theme} />
      <Chart title="Time to handle a file" curves={latency} format={formatDuration} samples={samples} theme={theme} />
    </div>
  )
}
