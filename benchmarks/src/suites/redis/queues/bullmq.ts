import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { holdingInHandlers, type JobQueue } from './library.ts'

/** With what its guide for production advises, and no job is kept that is done. */
export function bullMQ(url: string): JobQueue {
  const connect = () => new Redis(url, { maxRetriesPerRequest: null })
  const connection = connect()
  const options = { removeOnComplete: true, removeOnFail: true }
  const queue = new Queue('jobs', { connection, defaultJobOptions: options })
  const library: JobQueue = {
    name: 'BullMQ',
    url,
    put: value => queue.add('job', value),
    putMany: values => queue.addBulk(values.map(data => ({ name: 'job', data }))),
    waiting: () => queue.getWaitingCount(),
    async consumer(concurrency) {
      const { promise, resolve } = Promise.withResolvers<void>()
      let handle = async (_value: string) => {}
      let left = 0
      const own = connect()
      const worker = new Worker('jobs', job => handle(job.data), { connection: own, concurrency, autorun: false })
      worker.on('completed', () => {
        if (--left === 0) resolve()
      })
      await worker.waitUntilReady()
      return {
        async handle(count, handler) {
          handle = handler
          left = count
          void worker.run()
          await promise
        },
        async close() {
          await worker.close()
          own.disconnect()
        },
      }
    },
    holding: (count, work) => holdingInHandlers(library, count, work),
    async close() {
      await queue.close()
      connection.disconnect()
    },
  }
  return library
}
