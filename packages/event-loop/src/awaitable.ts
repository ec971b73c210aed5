import type { Coroutine } from '@fosen/coroutine'

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

/** A coroutine that the loop runs. */
// biome-ignore lint/suspicious/noExplicitAny: nothing that is sent reaches the user's code
export type Co<T> = Coroutine<Suspend, T, any>

/** What waiting for `A` gives. */
export type AwaitedOf<A> = A extends Awaitable<infer T> ? T : never

/** The return type that the generator function of a coroutine can be given, as one that calls itself must be. */
// biome-ignore lint/suspicious/noExplicitAny: nothing that is sent reaches the user's code
export type CoGenerator<T> = Generator<Suspend, T, any>

/** An async function, which a loop runs as a task. A coroutine function is none: what it gives when it is called is run. */
export type AsyncFunction<T> = () => PromiseLike<T> & CallItFirst

/** What a coroutine is not, although it can be awaited. */
interface CallItFirst {
  readonly send?: never
}

/** What is run in the place of the block of an `async with`: a generator function, an async one, or one that gives a future. */
export type Body<A extends unknown[], T> = (...args: A) => Awaitable<T> | PromiseLike<T>
