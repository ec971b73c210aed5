import { Socket } from 'node:net'
import { Cluster, Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { RedisConnectionError, RedisDeque } from '../src/index.ts'
import { startCluster, type TestCluster } from './start-cluster.ts'

let cluster: TestCluster

beforeAll(async () => {
  cluster = await startCluster()
}, 30_000)

afterAll(() => cluster[Symbol.asyncDispose]())

test('lists are on whichever master has their slot, and a wait wakes though the same deque pushes', async () => {
  for (const name of ['a', 'b', 'c', 'd']) {
    await using deque = new RedisDeque(name, { cluster: { nodes: cluster.nodes } })
    const got = deque.popWait()
    await deque.extend(['1', '2', '3'])
    const rest = [await got, ...(await deque.popMany(9))]
    expect(rest.toSorted()).toEqual(['1', '2', '3'])
  }
})

test('a Cluster that is given is used, and stays open', async () => {
  const client = new Cluster(cluster.nodes)
  const deque = new RedisDeque('list', { client })
  const got = deque.popWait()
  await deque.append('a')
  expect(await got).toBe('a')
  await deque.close()
  expect(await client.llen('list')).toBe(0)
  await client.quit()
})

test('a connection to a master that does not answer is replaced', async () => {
  using destroyed = vi.spyOn(Socket.prototype, 'destroy')
  await using deque = new RedisDeque('list', {
    cluster: { nodes: cluster.nodes, redisOptions: { socketTimeout: 300 } },
  })
  expect(await deque.length()).toBe(0)
  await using opened = new AsyncDisposableStack()
  for (const node of cluster.nodes) {
    await opened.adopt(new Redis(node), master => master.disconnect()).client('PAUSE', 1_000, 'ALL')
  }
  expect(await deque.length()).toBe(0)
  expect(destroyed).toHaveBeenCalledWith(new Error('nothing came for 300 ms'))
})

test('a list whose slot moves to another master is found there, also by those who wait', async () => {
  await using deque = new RedisDeque('list', { cluster: { nodes: cluster.nodes } })
  await deque.extend(['a', 'b'])
  await cluster.migrate('list')
  expect(await deque.popMany(9)).toEqual(['b', 'a'])
  const got = deque.popWait()
  await cluster.migrate('list')
  await deque.append('c')
  expect(await got).toBe('c')
})

test('a master that is killed has every value when it is back, and calls wait for it', async () => {
  await using deque = new RedisDeque('list', { cluster: { nodes: cluster.nodes } })
  await deque.extend(['a', 'b'])
  const restart = await cluster.killMasterOf('list')
  const pushed = deque.append('c')
  const popped = deque.popLeftWait()
  await restart()
  await pushed
  expect([await popped, ...(await deque.popLeftMany(9))]).toEqual(['a', 'b', 'c'])
}, 30_000)

test('a cluster that is not there is told at once', async () => {
  await using deque = new RedisDeque('list', { cluster: { nodes: ['redis://me:secret@127.0.0.1:1', 2] } })
  const error = await deque.append('a').catch(error => error)
  expect(error).toBeInstanceOf(RedisConnectionError)
  const nodes = 'redis://127.0.0.1:1, redis://localhost:2'
  expect(error.message).toBe(`cannot reach Redis at the cluster of ${nodes}: Connection is closed.`)
})
