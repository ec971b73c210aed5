import { type MessagePort, receiveMessageOnPort, type Transferable } from 'node:worker_threads'

export interface LineEvents<In> {
  readonly onMessage: (message: In) => void
  /** A message has arrived that cannot be read here. */
  readonly onLost: (error: unknown) => void
  /** The other end is closed, or its thread is no more; every message has been taken in. */
  readonly onClose: () => void
}

/** One end of the line between a loop and a thread that sends to it. */
export class Line<In, Out> {
  readonly #port: MessagePort
  readonly #onMessage: (message: In) => void
  /** Node crashes when somebody looks into a port in its `close` event. */
  #isClosed = false

  constructor(port: MessagePort, { onMessage, onLost, onClose }: LineEvents<In>) {
    this.#port = port
    this.#onMessage = onMessage
    port.on('message', onMessage)
    port.on('messageerror', onLost)
    port.on('close', () => {
      this.#isClosed = true
      onClose()
    })
  }

  /** @throws DataCloneError when the message cannot be cloned */
  send(message: Out, transfer: readonly Transferable[] = []): void {
    this.#port.postMessage(message, transfer)
  }

  /** Takes in the next message that has arrived; false when there was none. */
  takeNext(): boolean {
    const next = this.#isClosed ? undefined : receiveMessageOnPort(this.#port)
    if (next) this.#onMessage(next.message)
    return next !== undefined
  }

  /** Whether the process lives for what may arrive. */
  keepAlive(isAwaited: boolean): void {
    if (isAwaited) this.#port.ref()
    else this.#port.unref()
  }

  close(): void {
    this.#port.close()
  }
}
