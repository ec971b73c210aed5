import { SharedDeque } from '@fosen/queue-deque'
import { ThreadPool } from '@fosen/thread-async'
import type { Crossing, Exchange } from './crossing.ts'
import { echo, produce, produceMany } from './work.ts'

/** This thread is blocked until there is something; what is `awaited` lets it go on with other things. */
export function sharedDeques(): Crossing & { readonly awaited: Exchange } {
  const items = new SharedDeque<string>()
  const [there, back] = [new SharedDeque<number>(), new SharedDeque<number>()]
  const pool = new ThreadPool({ max: 2 })
  let echoing: PromiseLike<void> | undefined
  return {
    name: 'SharedDeque',
    receive(count) {
      const producing = pool.submit(produce, items, count)
      let length = 0
      for (let i = 0; i < count; i++) length += items.popLeftWaitSync().length
      return producing.then(() => length)
    },
    receiveMany(count, batch) {
      const producing = pool.submit(produceMany, items, count, batch)
      let length = 0
      for (let i = 0; i < count; i++) {
        length += items.popLeftWaitSync().length
        const more = items.popLeftMany(batch)
        for (const item of more) length += item.length
        i += more.length
      }
      return producing.then(() => length)
    },
    exchange(count) {
      echoing ??= pool.submit(echo, there, back)
      let sum = 0
      for (let i = 0; i < count; i++) {
        there.append(1)
        sum += back.popLeftWaitSync()
      }
      return sum
    },
    awaited: {
      name: 'SharedDeque',
      async exchange(count) {
        echoing ??= pool.submit(echo, there, back)
        let sum = 0
        for (let i = 0; i < count; i++) {
          there.append(1)
          sum += await back.popLeftWait()
        }
        return sum
      },
    },
    async close() {
      there.close()
      await echoing
      await pool.shutdown()
    },
  }
}
