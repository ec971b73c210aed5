import { extname } from 'node:path'
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { BlockingPort } from './blocking-port.ts'
import type { Crossing } from './crossing.ts'

/** What the other thread is to do, once it is told by a message. */
export type Task =
  | { readonly type: 'produce'; readonly count: number }
  | { readonly type: 'produceMany'; readonly count: number; readonly batch: number }
  | { readonly type: 'echo'; readonly value: number }

/** For a thread that is blocked until a message comes, and sends it back. */
export interface EchoData {
  readonly port: MessagePort
  readonly cells: Int32Array<SharedArrayBuffer>
}

export function ports(): Crossing {
  const worker = new Worker(fileOf('ports-worker'))
  const { port1, port2 } = new MessageChannel()
  const cells = new Int32Array(new SharedArrayBuffer(8))
  const echo = new Worker(fileOf('echo-worker'), { workerData: { port: port2, cells }, transferList: [port2] })
  const blocking = new BlockingPort(port1, cells, 0)
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
    exchangeSync(count) {
      let sum = 0
      for (let i = 0; i < count; i++) {
        blocking.post(1)
        sum += blocking.receive() as number
      }
      return sum
    },
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
    async close() {
      port1.close()
      await Promise.all([worker.terminate(), echo.terminate()])
    },
  }
}

const fileOf = (name: string) => new URL(`${name}${extname(import.meta.url)}`, import.meta.url)
