import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Crossing } from './crossing.ts'
import type { Task } from './task.ts'

/** Both threads have a listener, and go on with other things until a message comes. */
export function listeningPorts(): Crossing {
  const worker = new Worker(new URL(`listening-worker${extname(import.meta.url)}`, import.meta.url))
  const post = (task: Task) => worker.postMessage(task)
  /** Has the worker do it, until as many items have come. */
  const receive = (task: Task, count: number) => {
    const { promise, resolve } = Promise.withResolvers<number>()
    let [left, length] = [count, 0]
    const onMessage = (message: string | readonly string[]) => {
      const items = typeof message === 'string' ? [message] : message
      for (const item of items) length += item.length
      left -= items.length
      if (left > 0) return
      worker.off('message', onMessage)
      resolve(length)
    }
    worker.on('message', onMessage)
    post(task)
    return promise
  }
  return {
    name: 'postMessage',
    receive: count => receive({ type: 'produce', count }, count),
    receiveMany: (count, batch) => receive({ type: 'produceMany', count, batch }, count),
    exchange(count) {
      const { promise, resolve } = Promise.withResolvers<number>()
      let [left, sum] = [count, 0]
      const onMessage = (value: number) => {
        sum += value
        if (--left > 0) return post({ type: 'echo', value: 1 })
        worker.off('message', onMessage)
        resolve(sum)
      }
      worker.on('message', onMessage)
      post({ type: 'echo', value: 1 })
      return promise
    },
    close: () => worker.terminate(),
  }
}
