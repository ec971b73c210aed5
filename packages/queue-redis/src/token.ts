import { randomBytes } from 'node:crypto'

const prefixSize = 7
const numberSize = 7

/** The tokens of one consumer: 14 bytes of ASCII each, which are random and a number. */
export class Tokens {
  readonly prefix: string
  #number = 0

  constructor(prefix: string = randomBytes(6).toString('base64url').slice(0, prefixSize)) {
    this.prefix = prefix
  }

  next(): number {
    return ++this.#number
  }

  token(number: number): string {
    return this.prefix + number.toString(36).padStart(numberSize, '0')
  }
}
