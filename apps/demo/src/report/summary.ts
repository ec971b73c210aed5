import { extname } from 'node:path'
import { styleText } from 'node:util'
import { count, formatNumber } from '../format-number.ts'
import type { Outcome } from '../pipeline/outcome.ts'
import type { Facts } from '../pipeline/row.ts'
import { countDeliveries, countUnreadable } from './deliveries.ts'

/** An extension is compared with others when its files have this many bytes together. */
const enough = 10_000
/** How many extensions are named at each end. */
const named = 3

const decimal = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1, minimumFractionDigits: 1 })
const percent = new Intl.NumberFormat('en-US', { style: 'percent' })
const megabytes = (bytes: number) => `${decimal.format(bytes / 1e6)} MB`

/** What a person wants to know after a run, as lines of text. */
export function summarise(outcome: Outcome, out: string): string {
  const { rows, threads, killed, mostInFlight, milliseconds } = outcome
  const good = rows.flatMap(row => (row.facts ? [{ path: row.path, ...row.facts }] : []))
  const bytes = sum(good, 'bytes')
  const seconds = milliseconds / 1000
  const lines = [
    [
      'files',
      `${formatNumber(good.length)}, ${megabytes(bytes)}, and ${formatNumber(countUnreadable(outcome))} that could not be read`,
    ],
    ['time', `${decimal.format(seconds)} s`],
    ['speed', `${formatNumber(Math.round(good.length / seconds))} files/s, ${megabytes(bytes / seconds)}/s`],
    ['duplicates', describeDuplicates(good)],
    ...describeCompression(good),
    ['delivery', describeDelivery(outcome)],
    ...(killed[0] ? ([['killed', count(killed.length, killed[0].thread ? 'thread' : 'worker')]] as const) : []),
    ...(mostInFlight === undefined ? [] : ([['in flight', `${count(mostInFlight, 'message')} at the most`]] as const)),
    ...(threads.length === 0 ? [] : ([['busy', describeThreads(threads)]] as const)),
    ['index', out],
  ] as const
  return lines
    .map(([label, text]) => `${styleText('bold', label.padEnd(12), { stream: process.stdout })}${text}\n`)
    .join('')
}

/** The proof: of what was expected, nothing is missing. */
function describeDelivery(outcome: Outcome): string {
  const { expected, once, repeated, dead, lost, left } = countDeliveries(outcome)
  const parts = [
    ['expected', expected],
    ['indexed once', once],
    ['repeated', repeated],
    ['failed', dead],
    ['lost', lost],
  ] as const
  const text = parts.map(([what, n]) => `${what} ${formatNumber(n)}`).join(', ')
  return left === 0 ? text : `${text}, not done ${formatNumber(left)}`
}

const describeThreads = (threads: Outcome['threads']) =>
  threads.map(({ name, utilization }) => `${name} ${percent.format(utilization)}`).join(', ')

type File = Facts & { readonly path: string }

function describeDuplicates(files: readonly File[]): string {
  // Empty files are equal, and waste nothing.
  const groups = [
    ...Map.groupBy(
      files.filter(file => file.bytes > 0),
      file => file.sha256,
    ).values(),
  ].filter(group => group.length > 1)
  const wasted = groups.reduce((total, group) => total + (group[0]?.bytes ?? 0) * (group.length - 1), 0)
  return `${count(groups.length, 'group')}, which waste${groups.length === 1 ? 's' : ''} ${megabytes(wasted)}`
}

function describeCompression(files: readonly File[]): [label: string, text: string][] {
  const ratios = [...Map.groupBy(files, file => extname(file.path).toLowerCase() || '(none)')]
    .map(([extension, group]) => ({ extension, bytes: sum(group, 'bytes'), gzipBytes: sum(group, 'gzipBytes') }))
    .filter(({ bytes }) => bytes >= enough)
    .map(({ extension, bytes, gzipBytes }) => ({ extension, ratio: gzipBytes / bytes }))
    .sort((a, b) => a.ratio - b.ratio)
  if (ratios.length === 0) return []
  const text = (some: typeof ratios) =>
    some.map(({ extension, ratio }) => `${extension} to ${percent.format(ratio)}`).join(', ')
  return [
    ['gzips best', text(ratios.slice(0, named))],
    ['gzips worst', text(ratios.slice(-named).reverse())],
  ]
}

const sum = (files: readonly { readonly bytes: number; readonly gzipBytes: number }[], key: 'bytes' | 'gzipBytes') =>
  files.reduce((total, file) => total + file[key], 0)
