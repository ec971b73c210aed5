declare const suspends: unique symbol

/** What a coroutine of the loop yields. It cannot be made outside: `yield future`, where `yield* future` was meant, has another type. */
export interface Suspend {
  readonly [suspends]: true
}

/** What `yield*` waits for in a coroutine of the loop, and what the loop runs. */
export interface Awaitable<T> {
  // biome-ignore lint/suspicious/noExplicitAny: nothing that is sent reaches the user's code
  [Symbol.iterator](): Iterator<Suspend, T, any>
}

/** A coroutine that the loop runs, and the return type that its generator function can be given. */
// biome-ignore lint/suspicious/noExplicitAny: nothing that is sent reaches the user's code
export type Co<T> = Generator<Suspend, T, any>

/** What waiting for `A` gives. */
export type AwaitedOf<A> = A extends Awaitable<infer T> ? T : never
