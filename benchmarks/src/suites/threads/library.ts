import { ThreadPool } from '@fosen/thread-async'
import type { Functions, Name } from './functions.ts'
import { bumpMoved, work } from './work.ts'

/** Threads of some library. */
export interface Pool {
  call<N extends Name>(name: N, ...args: Parameters<Functions[N]>): PromiseLike<ReturnType<Functions[N]>>
  /** `bump`, with bytes that are transferred there, and back where the library can. */
  move(bytes: ArrayBuffer): PromiseLike<ArrayBuffer>
  close(): PromiseLike<unknown>
}

export interface Library {
  readonly name: string
  open(threads: number): Pool
}

export const ours: Library = {
  name: 'thread-async',
  open(threads) {
    const pool = new ThreadPool({ max: threads })
    return {
      call: (name, ...args) => pool.submit(work[name] as (...args: unknown[]) => never, ...args),
      move: bytes => pool.with({ transfer: [bytes] }).submit(bumpMoved, bytes),
      close: () => pool.shutdown(),
    }
  },
}
