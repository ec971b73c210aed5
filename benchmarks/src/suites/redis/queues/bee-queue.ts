import BeeQueue from 'bee-queue'
import { holdingInHandlers, type JobQueue } from './library.ts'

/** With what its README advises for speed: whatever is not needed here is off. */
export function beeQueue(url: string): JobQueue {
  const settings = {
    redis: { url },
    getEvents: false,
    sendEvents: false,
    storeJobs: false,
    activateDelayedJobs: false,
    removeOnSuccess: true,
    removeOnFailure: true,
  }
  const queue = new BeeQueue<string>('jobs', { ...settings, isWorker: false })
  const library: JobQueue = {
    name: 'Bee-Queue',
    url,
    put: value => queue.createJob(value).save(),
    async putMany(values) {
      const failed = await queue.saveAll(values.map(value => queue.createJob(value)))
      if (failed.size > 0) throw failed.values().next().value
    },
    waiting: async () => (await queue.checkHealth()).waiting,
    async consumer(concurrency) {
      const { promise, resolve } = Promise.withResolvers<void>()
      let left = 0
      const worker = new BeeQueue<string>('jobs', settings)
      worker.on('succeeded', () => {
        if (--left === 0) resolve()
      })
      await worker.ready()
      return {
        async handle(count, handler) {
          left = count
          worker.process(concurrency, job => handler(job.data))
          await promise
        },
        close: () => worker.close(),
      }
    },
    holding: (count, work) => holdingInHandlers(library, count, work),
    close: () => queue.close(),
  }
  return library
}
