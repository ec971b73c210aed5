/** Whether `Array.prototype.includes` would find the one by the other: as `===`, and NaN is the same as NaN. */
export function sameValueZero(a: unknown, b: unknown): boolean {
  return a === b || Object.is(a, b)
}
