import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { RedisQueue } from '../src/index.ts'
import { startLoad } from './load.ts'
import { startCluster, type TestCluster } from './start-cluster.ts'

let cluster: TestCluster

beforeAll(async () => {
  cluster = await startCluster()
}, 30_000)

afterAll(() => cluster[Symbol.asyncDispose]())

function queueOf(name: string, partitions?: number) {
  return new RedisQueue<number>(name, { cluster: { nodes: cluster.nodes }, partitions, lease: 2_000 })
}

const count = 300
const numbers = Array.from({ length: count }, (_, number) => number)

test('what waits is woken by a put, and a batch is settled, on whichever master has the queue', async () => {
  for (const name of ['a', 'b', 'c', 'd']) {
    await using queue = queueOf(name)
    const got = queue.get()
    await queue.putMany([1, 2], { priority: 1 })
    const first = await got
    first.retry()
    const rest = [await queue.get(), await queue.get()]
    expect(rest.map(({ value, attempt }) => [value, attempt]).toSorted()).toEqual([
      [1, 2],
      [2, 1],
    ])
    for (const delivery of rest) delivery.ack()
    await queue.join()
  }
}, 60_000)

test('nothing is lost while a slot moves, and a master is killed and comes back', async () => {
  await using producer = queueOf('jobs')
  await using queue = queueOf('jobs')
  const { handled, consumer, done } = startLoad(producer, queue, count)
  await vi.waitFor(() => expect(handled.size).toBeGreaterThan(50), 10_000)
  await cluster.migrate('jobs')
  await vi.waitFor(() => expect(handled.size).toBeGreaterThan(120), 10_000)
  const restart = await cluster.killMasterOf('jobs')
  await restart()
  await done
  await consumer.stop()
  expect(
    handled
      .keys()
      .toArray()
      .toSorted((one, other) => one - other),
  ).toEqual(numbers)
}, 90_000)

test('partitions are on all masters, and messages without a key in each of them', async () => {
  await using queue = queueOf('parts', 6)
  const ids = await queue.putMany(numbers)
  expect(new Set(ids).size).toBe(count)
  const { handled, consumer, done } = startLoad(queue, queue, 0)
  await done
  await consumer.stop()
  expect(
    handled
      .keys()
      .toArray()
      .toSorted((one, other) => one - other),
  ).toEqual(numbers)
}, 60_000)
