import type { Comparison, Row } from '../compare.ts'
import type { Result } from '../measure.ts'
import { formatDuration } from '../report.ts'

const [width, left, right] = [760, 190, 130]
const [bar, gap, title] = [16, 4, 30]

/**
 * The workloads of a suite as bars: how fast each contender is, of the fastest one of its workload. Who opens it in the dark
 * sees it light on dark.
 */
export function barChart(name: string, results: readonly Result[]): string {
  let y = 8
  const groups = results.map(result => {
    const rows = rowsOf(result)
    const fastest = Math.min(...rows.map(({ milliseconds }) => milliseconds))
    const bars = rows.map((row, i) => oneBar(row, result.operations, fastest, y + title + i * (bar + gap), i === 0))
    const group = `<text class="title" x="0" y="${y + 18}">${escapeXml(result.title)}</text>\n${bars.join('\n')}`
    y += title + rows.length * (bar + gap) + 14
    return group
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}" role="img">
<title>${escapeXml(name)}: speed of each contender, of the fastest one of its workload</title>
<style>
text { font: 12px system-ui, sans-serif; fill: #333 } .title { font-weight: 600 } .value { fill: #666 }
.ours { fill: #2f6fde } .peer { fill: #b9c2d0 }
@media (prefers-color-scheme: dark) { text { fill: #ddd } .value { fill: #aaa } .ours { fill: #6ea0ff } .peer { fill: #55606f } }
</style>
${groups.join('\n')}
</svg>
`
}

/** Those of the comparison that counts: of two, the second. */
export function rowsOf({ comparisons }: Result): Comparison['rows'] {
  return (comparisons.at(-1) ?? comparisons[0]).rows
}

function oneBar({ name, milliseconds }: Row, operations: number, fastest: number, y: number, isOurs: boolean): string {
  const length = Math.max(1, Math.round(((width - left - right) * fastest) / milliseconds))
  const text = `y="${y + bar - 4}"`
  return [
    `<text ${text} x="${left - 8}" text-anchor="end">${escapeXml(name)}</text>`,
    `<rect class="${isOurs ? 'ours' : 'peer'}" x="${left}" y="${y}" width="${length}" height="${bar}" rx="2"/>`,
    `<text class="value" ${text} x="${left + length + 6}">${formatDuration(milliseconds / operations)}</text>`,
  ].join('')
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeXml = (text: string) => text.replace(/[&<>"]/g, char => entities[char] as string)
