import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'

/** A MessagePort whose thread is blocked until a message comes: as synckit does it. */
export class BlockingPort {
  readonly #port: MessagePort
  readonly #cells: Int32Array<SharedArrayBuffer>
  readonly #mine: 0 | 1

  /**
   * @param cells how many messages have been sent to each side
   * @param side of the two
   */
  constructor(port: MessagePort, cells: Int32Array<SharedArrayBuffer>, side: 0 | 1) {
    this.#port = port
    this.#cells = cells
    this.#mine = side
  }

  post(value: unknown): void {
    const theirs = 1 - this.#mine
    this.#port.postMessage(value)
    Atomics.add(this.#cells, theirs, 1)
    Atomics.notify(this.#cells, theirs)
  }

  receive(): unknown {
    for (;;) {
      const seen = Atomics.load(this.#cells, this.#mine)
      const received = receiveMessageOnPort(this.#port)
      if (received) return received.message
      Atomics.wait(this.#cells, this.#mine, seen)
    }
  }
}
