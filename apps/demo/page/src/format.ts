import { formatNumber as formatWhole } from '../../src/format-number.ts'

const tenth = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })

/** A number as people read it; a dash when there is none. */
export function formatNumber(n: number | undefined): string {
  return n === undefined ? '–' : formatWhole(Math.round(n))
}

/** A time that something took, from microseconds to minutes. */
export function formatDuration(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return '–'
  if (milliseconds === 0) return '0 ms'
  if (milliseconds < 0.995) return `${Math.round(milliseconds * 1000)} µs`
  if (milliseconds < 99.95) return `${tenth.format(milliseconds)} ms`
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`
  if (milliseconds < 59_950) return `${tenth.format(milliseconds / 1000)} s`
  return formatClock(milliseconds)
}

/** A moment of the run, as minutes and seconds. */
export function formatClock(milliseconds: number, digits = 0): string {
  const sign = milliseconds < 0 ? '−' : ''
  const scale = 10 ** digits
  const units = Math.round((Math.abs(milliseconds) / 1000) * scale)
  const seconds = (units % (60 * scale)) / scale
  return `${sign}${Math.floor(units / (60 * scale))}:${seconds.toFixed(digits).padStart(digits === 0 ? 2 : digits + 3, '0')}`
}
