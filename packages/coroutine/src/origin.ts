/** Brands a function that another thread can import; what it holds is for who made the brand to know. */
export const portable: unique symbol = Symbol.for('fosen.portable') as never

/** Where a coroutine keeps its origin; registered, so that another copy of this package finds it. */
export const origin: unique symbol = Symbol.for('fosen.coroutine.origin') as never

/** What a coroutine of a portable function was made of. */
export interface Origin {
  readonly fn: (...args: never[]) => unknown
  readonly args: readonly unknown[]
  /** Whether the body has begun to run, here or, when who sends the coroutine sets it, elsewhere: it begins once. */
  started: boolean
}

/** What a coroutine was made of, when its function is portable; undefined for every other value. */
export function originOf(value: unknown): Origin | undefined {
  return typeof value === 'object' && value !== null ? (value as { [origin]?: Origin })[origin] : undefined
}
