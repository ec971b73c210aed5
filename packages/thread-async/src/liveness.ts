import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads'

/**
 * Whether a thread still lives, asked without the event loop: its `exit` event would need one, and a thread that was
 * terminated or ran out of memory leaves no word.
 *
 * The thread holds one end of a channel. Once it is gone that end is closed, and the other one can no longer be moved.
 */
export class Liveness {
  /** For the thread to hold. */
  readonly held: MessagePort
  #port: MessagePort

  constructor() {
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    this.held = port2
  }

  isAlive(): boolean {
    // Takes notice of a closed end.
    receiveMessageOnPort(this.#port)
    try {
      this.#port = structuredClone(this.#port, { transfer: [this.#port] })
      return true
    } catch {
      return false
    }
  }

  close(): void {
    this.#port.close()
  }
}
