import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { extname } from 'node:path'
import type { FromConsumer, ToConsumer } from './consumer-process.ts'

/** Processes that consume from the same queue, and stay for the next time. */
export class ConsumerProcesses {
  readonly #args: readonly string[]
  readonly #children: ChildProcess[] = []
  #left = 0
  #onDone: (() => void) | undefined

  /** @param args the name of the library, the URL, and how many messages are handled at a time */
  constructor(...args: [name: string, url: string, concurrency: number]) {
    this.#args = args.map(String)
  }

  /** Connects a consumer in each of so many, which takes nothing yet. */
  async connect(count: number): Promise<void> {
    const lacking = Math.max(0, count - this.#children.length)
    await Promise.all(Array.from({ length: lacking }, () => this.#start()))
    await this.#tell('connect', count)
  }

  /** Has so many of them handle messages; resolves when they have handled so many. */
  async handle(count: number, messages: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#left = messages
    this.#onDone = resolve
    await this.#tell('start', count)
    await promise
  }

  async stop(count: number): Promise<void> {
    await this.#tell('stop', count)
  }

  async close(): Promise<void> {
    const ends = this.#children.map(child => once(child, 'exit'))
    for (const child of this.#children) child.disconnect()
    await Promise.all(ends)
  }

  async #start() {
    const script = new URL(`consumer-process${extname(import.meta.url)}`, import.meta.url)
    const child = fork(script, this.#args).on('message', this.#onMessage)
    this.#children.push(child)
    await once(child, 'message')
  }

  async #tell(message: ToConsumer, count: number) {
    const tell = async (child: ChildProcess) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      const onMessage = (answer: FromConsumer) => {
        if (answer === 'ready') resolve()
      }
      child.on('message', onMessage).send(message)
      await promise
      child.off('message', onMessage)
    }
    await Promise.all(this.#children.slice(0, count).map(tell))
  }

  readonly #onMessage = (message: FromConsumer) => {
    if (message === 'ready') return
    this.#left -= message
    if (this.#left <= 0) this.#onDone?.()
  }
}
