import { DequeClosedError, type SharedDeque } from '@fosen/queue-deque'
import { portable } from '@fosen/thread-async'
import { item } from './crossing.ts'

export const produce = portable(import.meta, function produce(deque: SharedDeque<string>, count: number) {
  for (let i = 0; i < count; i++) deque.appendWaitSync(item)
})

export const produceMany = portable(
  import.meta,
  function produceMany(deque: SharedDeque<string>, count: number, batch: number) {
    const items = Array<string>(batch).fill(item)
    for (let sent = 0; sent < count; sent += batch) {
      // Where there is no room for all, it waits for that of one.
      for (let left = items; left.length > 0; ) {
        left = left.slice(deque.pushMany(left))
        if (left.length > 0) deque.appendWaitSync(left.shift() as string)
      }
    }
  },
)

/** Gives back what it gets, until there is no more. */
export const echo = portable(import.meta, function echo(there: SharedDeque<number>, back: SharedDeque<number>) {
  try {
    for (;;) back.append(there.popLeftWaitSync())
  } catch (error) {
    if (!(error instanceof DequeClosedError)) throw error
  }
})
