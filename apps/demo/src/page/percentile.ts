/**
 * The nearest rank: the least of the values that at least this share of them does not exceed.
 *
 * @param sorted ascending
 * @param share over 0, and at most 1
 * @returns undefined when there are no values
 */
export function percentile(sorted: ArrayLike<number>, share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
}
