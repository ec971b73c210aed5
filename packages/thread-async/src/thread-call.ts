import type { ThreadFuture } from './thread-future.ts'
import type { ThreadStream } from './thread-stream.ts'

/** What a call of `R`-returning code in a thread gives; not distributing over unions, so that a union stays one future. */
export type ThreadCall<R> = 0 extends 1 & R
  ? ThreadFuture<R>
  : [R] extends [never]
    ? ThreadFuture<never>
    : // biome-ignore lint/suspicious/noExplicitAny: whatever the generator is sent, nothing is
      [R] extends [Generator<infer Y, infer T, any> | AsyncGenerator<infer Y, infer T, any>]
      ? ThreadStream<Y, T>
      : ThreadFuture<Awaited<R>>
