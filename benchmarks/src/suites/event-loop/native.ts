import { setTimeout } from 'node:timers/promises'
import { reachableBytes } from '../../heap.ts'
import { delay, forever, type Peer, sum } from './programs.ts'

/** Async functions and microtasks: no loop of its own, and no I/O between two turns. */
export const native: Peer = {
  name: 'native promises',
  programs: {
    spawn: async size => sum(await Promise.all(times(size, async i => i))),
    giveWay: async (size, tasks = 1) => sum(await Promise.all(times(tasks, () => giveWay(size / tasks)))),
    pingPong,
    sleeps: async size => sum(await Promise.all(times(size, i => setTimeout(delay(i), i)))),
    callbacks: size => new Promise(resolve => queueMicrotask(callback(1, size, resolve))),
    cancel,
    deepAwait: (size, levels = 1) => deep(levels, size),
    async resolved(size) {
      let sum = 0
      for (let i = 0; i < size; i++) sum += await Promise.resolve(1)
      return sum
    },
  },
  async bytesOfSleep(size) {
    const before = reachableBytes()
    const { controllers, settled } = asleep(size)
    const bytes = (reachableBytes() - before) / size
    for (const controller of controllers) controller.abort()
    await settled
    return bytes
  },
}

const times = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i))

async function giveWay(turns: number): Promise<number> {
  for (let i = 0; i < turns; i++) await undefined
  return turns
}

/** The least that is a queue for one who waits. */
class Mailbox {
  readonly #items: number[] = []
  #waiting: ((item: number) => void) | undefined

  put(item: number): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting) waiting(item)
    else this.#items.push(item)
  }

  get(): Promise<number> {
    return new Promise(resolve => {
      const item = this.#items.shift()
      if (item === undefined) this.#waiting = resolve
      else resolve(item)
    })
  }
}

async function pingPong(size: number): Promise<number> {
  const requests = new Mailbox()
  const answers = new Mailbox()
  const pong = async () => {
    for (let i = 0; i < size; i++) answers.put((await requests.get()) + 1)
  }
  const other = pong()
  let count = 0
  for (let i = 0; i < size; i++) {
    requests.put(count)
    count = await answers.get()
  }
  await other
  return count
}

const callback = (count: number, size: number, resolve: (count: number) => void) => () => {
  if (count < size) queueMicrotask(callback(count + 1, size, resolve))
  else resolve(count)
}

function asleep(size: number) {
  const controllers = times(size, () => new AbortController())
  const settled = Promise.allSettled(controllers.map(({ signal }) => setTimeout(forever, undefined, { signal })))
  return { controllers, settled }
}

async function cancel(size: number): Promise<number> {
  const { controllers, settled } = asleep(size)
  for (const controller of controllers) controller.abort()
  return (await settled).filter(({ status }) => status === 'rejected').length
}

async function deep(levels: number, turns: number): Promise<number> {
  if (levels > 1) return await deep(levels - 1, turns)
  return await giveWay(turns)
}
