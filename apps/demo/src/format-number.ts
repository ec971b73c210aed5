const whole = new Intl.NumberFormat('en-US')

/** A number as people read it. */
export function formatNumber(n: number): string {
  return whole.format(n)
}

/** So many of something: `1 file`, `1,000 files`. */
export function count(n: number, noun: string): string {
  return `${formatNumber(n)} ${noun}${n === 1 ? '' : 's'}`
}
