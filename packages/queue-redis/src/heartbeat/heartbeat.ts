import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { ThreadPool } from '@fosen/thread-async'
import type { FromHeartbeat, ToHeartbeat } from './messages.ts'
import { pulse } from './pulse.ts'

/** A queue that has its leases extended. */
export interface HeartbeatClient {
  readonly opened: Omit<Extract<ToHeartbeat, { type: 'open' }>, 'type' | 'queue' | 'table'>
  readonly table: SharedArrayBuffer
  onLost(numbers: readonly number[]): void
  onCancelled(ids: readonly string[]): void
  onBeat(): void
  onFailure(message: string): void
}

/** How long a thread that has died may be missing, in milliseconds. */
const restartPause = 1_000

/**
 * The heartbeat of all queues of this thread. It beats in a thread of its own, which the first queue that takes messages
 * starts, and the last that is closed ends: a handler that keeps its own thread busy does not hold it up.
 */
class Heartbeat {
  readonly #clients = new Map<number, HeartbeatClient>()
  #queues = 0
  #thread: { readonly port: MessagePort; readonly pool: ThreadPool } | undefined

  /** @returns the number of the queue */
  open(client: HeartbeatClient): number {
    const queue = ++this.#queues
    this.#clients.set(queue, client)
    if (this.#thread === undefined) this.#start()
    else this.#open(queue, client)
    return queue
  }

  /** The table of the queue has another buffer. */
  update(queue: number): void {
    const client = this.#clients.get(queue)
    if (client !== undefined) this.#post({ type: 'table', queue, table: client.table })
  }

  /** Resolves when nothing of the queue is extended any longer, and the thread has ended if it was the last. */
  async close(queue: number): Promise<void> {
    if (!this.#clients.delete(queue)) return
    this.#post({ type: 'close', queue })
    if (this.#clients.size > 0 || this.#thread === undefined) return
    const { port, pool } = this.#thread
    this.#thread = undefined
    port.ref()
    port.postMessage({ type: 'end' } satisfies ToHeartbeat)
    await pool.shutdown()
    port.close()
  }

  #start() {
    const { port1: port, port2 } = new MessageChannel()
    const pool = new ThreadPool({ max: 1, daemon: true, name: 'fosen-heartbeat' })
    pool.submit(pulse, port2).then(undefined, (error: Error) => this.#onDeath(port, error))
    port.on('message', this.#onMessage)
    port.unref()
    this.#thread = { port, pool }
    for (const [queue, client] of this.#clients) this.#open(queue, client)
  }

  #onDeath(port: MessagePort, error: Error) {
    port.close()
    if (this.#thread?.port !== port) return
    void this.#thread.pool.shutdown()
    this.#thread = undefined
    const what = `the thread that extends leases has died, and another is started: ${error.message}`
    process.emitWarning(what, 'RedisQueueWarning')
    setTimeout(() => {
      if (this.#clients.size > 0 && this.#thread === undefined) this.#start()
    }, restartPause).unref()
  }

  #open(queue: number, { opened, table }: HeartbeatClient) {
    this.#post({ type: 'open', queue, table, ...opened })
  }

  #post(message: ToHeartbeat) {
    this.#thread?.port.postMessage(message)
  }

  readonly #onMessage = (message: FromHeartbeat) => {
    if (message.type === 'ping') {
      this.#post({ type: 'pong' })
      return
    }
    const client = this.#clients.get(message.queue)
    switch (message.type) {
      case 'lost':
        client?.onLost(message.numbers)
        break
      case 'cancelled':
        client?.onCancelled(message.ids)
        break
      case 'beat':
        client?.onBeat()
        break
      case 'failed':
        client?.onFailure(message.message)
    }
  }
}

export const heartbeat = new Heartbeat()
