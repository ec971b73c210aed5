import { once } from 'node:events'
import { expect, vi } from 'vitest'
import { RedisQueue, type RedisSource } from '../src/index.ts'

/** Does with a queue whatever sends a command of its own, and leaves nothing behind. */
export async function useEveryCommand(source: RedisSource): Promise<void> {
  const stuck = new RedisQueue<string>('jobs', { ...source, lease: 50, maxLease: 0 })
  await stuck.put('a')
  await stuck.get()
  await stuck.close()

  await using queue = new RedisQueue<string>('jobs', { ...source, lease: 300, capacity: 100 })
  await queue.pause()
  await queue.resume()
  const [late] = await queue.getMany(9)
  await queue.stats()
  late?.retry()
  await late?.settled
  await queue.stats()
  const again = await queue.get()
  again.bury(new Error('no'))
  await again.settled
  const [letter] = await queue.deadLetters.list()
  await queue.deadLetters.requeue([letter?.id as string])
  const requeued = await queue.get()
  await queue.cancel(requeued.id)
  if (!requeued.signal.aborted) await once(requeued.signal, 'abort')
  requeued.retry()
  const cancelled = await queue.put('b', { priority: 3 })
  await queue.cancel(cancelled)
  await queue.cancel(await queue.put('c', { delay: 60_000, headers: { a: 'b' } }))
  await queue.put('d', { dedupKey: 'd', dedupWindow: 1 })
  await queue.putMany(['e', 'f', 'g'], { priority: 1 })
  const [first, ...others] = await queue.getMany(9)
  first?.ack()
  await first?.settled
  for (const delivery of others) delivery.release()
  await vi.waitFor(async () => expect((await queue.health()).sinceHeartbeat).toBeDefined(), 5_000)
  const rest = await queue.getMany(9)
  const got = queue.getMany(9, { timeout: 100 }).catch(() => [])
  for (const delivery of [...rest, ...(await got)]) delivery.bury()
  while ((await queue.stats()).ready > 0) (await queue.get()).bury()
  await queue.join()
  await queue.deadLetters.clean(0)
  await queue.deadLetters.requeue()
  await queue.deadLetters.purge()
  await queue.clear()
  const waiting = queue.get().catch(() => {})
  for (let asked = 0; asked < 5; asked++) await queue.health()
  await queue.close()
  await waiting
}
