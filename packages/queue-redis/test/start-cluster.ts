import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, type RedisServer } from '@fosen/redis-server'
import { Redis } from 'ioredis'
import { expect, vi } from 'vitest'
import { startDurableRedis } from './start-durable-redis.ts'

const masters = 3
const slots = 16_384

export interface TestCluster extends AsyncDisposable {
  readonly nodes: { host: string; port: number }[]
  /** Kills the master that has this key; the function given starts it again, with what it has saved. */
  killMasterOf(key: string): Promise<() => Promise<void>>
  /** Moves the slot of this key, with all that is in it, to another master. */
  migrate(key: string): Promise<void>
}

/** A Redis Cluster of three masters without replicas, which write append-only files. */
export async function startCluster(): Promise<TestCluster> {
  await using opened = new AsyncDisposableStack()
  const nodes = Array.from({ length: masters }, () => opened.use(new Node()))
  for (const [i, node] of nodes.entries()) {
    await node.start()
    const [from, to] = [i, i + 1].map(part => Math.floor((part * slots) / masters)) as [number, number]
    await node.client.call('CLUSTER', 'ADDSLOTSRANGE', from, to - 1)
    await node.client.call('CLUSTER', 'SET-CONFIG-EPOCH', i + 1)
    await node.client.call('CLUSTER', 'MEET', nodes[0]?.host ?? '', nodes[0]?.port ?? 0, nodes[0]?.busPort ?? 0)
  }
  await Promise.all(nodes.map(node => node.inCluster()))
  const ownerOf = async (key: string) => {
    const slot = await (nodes[0] as Node).client.cluster('KEYSLOT', key)
    const ranges = await (nodes[0] as Node).client.cluster('SLOTS')
    const [, , master] = ranges.find(([from, to]) => from <= slot && slot <= to) ?? []
    return { slot, owner: nodes.find(({ port }) => port === master?.[1]) as Node }
  }
  const all = opened.move()
  return {
    nodes: nodes.map(({ host, port }) => ({ host, port })),
    async killMasterOf(key) {
      const { owner } = await ownerOf(key)
      await owner.kill()
      return async () => {
        await owner.start()
        await Promise.all(nodes.map(node => node.inCluster()))
      }
    },
    async migrate(key) {
      const { slot, owner: from } = await ownerOf(key)
      const to = nodes.find(node => node !== from) as Node
      await to.client.cluster('SETSLOT', slot, 'IMPORTING', await from.id())
      await from.client.cluster('SETSLOT', slot, 'MIGRATING', await to.id())
      const keys = (await from.client.cluster('GETKEYSINSLOT', slot, 1_000)) as string[]
      for (const key of keys) await from.client.migrate(to.host, to.port, key, 0, 5_000)
      for (const node of [to, from, ...nodes]) await node.client.cluster('SETSLOT', slot, 'NODE', await to.id())
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

class Node implements AsyncDisposable {
  readonly host = '127.0.0.1'
  readonly #dir = mkdtempSync(join(tmpdir(), 'fosen-cluster-'))
  port = 0
  busPort = 0
  #server: RedisServer | undefined
  #client: Redis | undefined

  get client(): Redis {
    return this.#client as Redis
  }

  async start() {
    this.port ||= await freePort()
    this.busPort ||= await freePort()
    const cluster = ['--cluster-enabled', 'yes', '--cluster-port', `${this.busPort}`, '--cluster-node-timeout', '1000']
    this.#server = await startDurableRedis({ port: this.port, args: [...cluster, '--dir', this.#dir] })
    this.#client = new Redis(this.port)
  }

  async id(): Promise<string> {
    return (await this.client.cluster('MYID')) as string
  }

  inCluster() {
    const isOk = /^cluster_state:ok\r.*^cluster_known_nodes:3\r/ms
    return vi.waitFor(async () => expect(await this.client.cluster('INFO')).toMatch(isOk), { timeout: 10_000 })
  }

  async kill() {
    this.#client?.disconnect()
    await this.#server?.stop()
  }

  async [Symbol.asyncDispose]() {
    await this.kill()
    rmSync(this.#dir, { recursive: true, force: true })
  }
}
