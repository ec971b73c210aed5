import type { JobQueue } from './library.ts'

/** Ours first. A process that consumes loads one of them alone. */
const libraries: Readonly<Record<string, () => Promise<(url: string) => JobQueue>>> = {
  RedisQueue: async () => (await import('./ours.ts')).ours,
  BullMQ: async () => (await import('./bullmq.ts')).bullMQ,
  'Bee-Queue': async () => (await import('./bee-queue.ts')).beeQueue,
  ioredis: async () => (await import('./raw.ts')).raw,
}

/** A queue of each library, with databases of their own on the same server. */
export function openQueues(url: string): Promise<JobQueue[]> {
  return Promise.all(Object.keys(libraries).map((name, database) => openQueue(name, `${url}/${database + 1}`)))
}

/** @param url of its database */
export async function openQueue(name: string, url: string): Promise<JobQueue> {
  const load = libraries[name]
  if (load === undefined) throw new TypeError(`there is no library ${name}`)
  return (await load())(url)
}
