import type { Priority } from '@fosen/queue'
import { Deque } from './deque.ts'
import type { Message } from './message.ts'

/** Messages that may be delivered, and how they are taken. */
export interface Stock<T> {
  readonly length: number
  /** When the message became ready that has been for longest; Infinity when there is none. */
  readonly oldest: number
  /** Adds a message behind the others of its priority. */
  append(message: Message<T>): void
  /** Adds a message that has come back, or whose delay is over: behind others of which that is true, before all else of its priority. */
  comeBack(message: Message<T>): void
  /** Puts back a message that was taken, before all of its priority. */
  putBack(message: Message<T>): void
  /** Takes the next message that `owner` may have. */
  take(owner: object | undefined): Message<T> | undefined
  /** A message that was taken is no more in flight. Whether there may be others that could not be taken because of it. */
  free(message: Message<T>): boolean
  clear(): void
}

/** One line for each priority. */
export class ReadyMessages<T> implements Stock<T> {
  readonly #levels = [new Level<T>(), new Level<T>(), new Level<T>(), new Level<T>()] as const
  #length = 0
  /** Of them, how many have a priority above 0: mostly none, and then there is one line to look at. */
  #urgent = 0

  get length(): number {
    return this.#length
  }

  get oldest(): number {
    return Math.min(...this.#levels.map(({ oldest }) => oldest))
  }

  append(message: Message<T>): void {
    this.#levelFor(message.place.priority).put.append(message)
  }

  comeBack(message: Message<T>): void {
    this.#levelFor(message.place.priority).returned.append(message)
  }

  putBack(message: Message<T>): void {
    this.#levelFor(message.place.priority).returned.appendLeft(message)
  }

  take(): Message<T> | undefined {
    if (this.#length === 0) return undefined
    this.#length--
    if (this.#urgent === 0) return this.#levels[0].take()
    this.#urgent--
    return this.#levels[3].take() ?? this.#levels[2].take() ?? this.#levels[1].take()
  }

  free(): boolean {
    return false
  }

  clear(): void {
    for (const { returned, put } of this.#levels) {
      returned.clear()
      put.clear()
    }
    this.#length = 0
    this.#urgent = 0
  }

  /** The level that a message is being added to. */
  #levelFor(priority: Priority) {
    this.#length++
    if (priority > 0) this.#urgent++
    return this.#levels[priority]
  }
}

class Level<T> {
  readonly returned = new Deque<Message<T>>()
  readonly put = new Deque<Message<T>>()

  get oldest() {
    return Math.min(timeOf(this.returned.at(0)), timeOf(this.put.at(0)))
  }

  take() {
    return this.returned.popLeft() ?? this.put.popLeft()
  }
}

function timeOf(message: Message<unknown> | undefined) {
  return message?.ready?.time ?? Infinity
}
