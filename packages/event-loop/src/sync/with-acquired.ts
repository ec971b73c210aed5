import { coroutine } from '@fosen/coroutine'
import type { Body, Co, CoGenerator } from '../awaitable.ts'
import { checkFunction } from '../check-arguments.ts'
import { runBody } from '../run-body.ts'

interface Acquirable {
  acquire(): Co<true>
  release(): void
}

const acquired = coroutine(function* withAcquired<T>(lock: Acquirable, body: Body<[], T>): CoGenerator<T> {
  yield* lock.acquire()
  try {
    return yield* runBody(body)
  } finally {
    lock.release()
  }
})

/** For `with` of what is acquired and released. */
export function withAcquired<T>(lock: Acquirable, body: Body<[], T>): Co<T> {
  checkFunction('a body', body)
  return acquired(lock, body)
}
