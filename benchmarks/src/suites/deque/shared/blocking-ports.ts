import { extname } from 'node:path'
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { BlockingPort } from './blocking-port.ts'
import type { Crossing } from './crossing.ts'
import type { Task } from './task.ts'

/** What the other thread is started with. */
export interface PortData {
  readonly port: MessagePort
  readonly cells: Int32Array<SharedArrayBuffer>
}

/** Both threads are blocked until a message comes. */
export function blockingPorts(): Crossing {
  const { port1, port2 } = new MessageChannel()
  const cells = new Int32Array(new SharedArrayBuffer(8))
  const script = new URL(`blocking-worker${extname(import.meta.url)}`, import.meta.url)
  const worker = new Worker(script, { workerData: { port: port2, cells } satisfies PortData, transferList: [port2] })
  const port = new BlockingPort(port1, cells, 0)
  const post = (task: Task) => port.post(task)
  return {
    name: 'postMessage, blocking',
    receive(count) {
      post({ type: 'produce', count })
      let length = 0
      for (let i = 0; i < count; i++) length += (port.receive() as string).length
      return length
    },
    receiveMany(count, batch) {
      post({ type: 'produceMany', count, batch })
      let length = 0
      for (let i = 0; i < count; i += batch) for (const item of port.receive() as string[]) length += item.length
      return length
    },
    exchange(count) {
      let sum = 0
      for (let i = 0; i < count; i++) {
        post({ type: 'echo', value: 1 })
        sum += port.receive() as number
      }
      return sum
    },
    async close() {
      port1.close()
      await worker.terminate()
    },
  }
}
