import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import type { RedisConnection } from './connection.ts'

export type Argument = string | number | Buffer

/** What every client of ioredis has, and its types do not. `callBuffer`, which they do have, fails with enableAutoPipelining. */
interface ScriptClient extends Redis {
  evalshaBuffer(sha: string, keys: number, values: (string | Buffer)[]): Promise<unknown>
  evalBuffer(source: string, keys: number, values: (string | Buffer)[]): Promise<unknown>
}

/** A Lua script, which runs in Redis in one step. Its file says what it takes and gives. */
export class Script {
  readonly #source: string
  readonly #sha: string

  constructor(name: string) {
    this.#source = read(name).replace(/^--#include (\w+)$/m, (_, included) => read(included))
    this.#sha = createHash('sha1').update(this.#source).digest('hex')
  }

  /** Runs it; strings in its reply are Buffers. A server that does not have it is sent it. */
  run(connection: RedisConnection, keys: readonly string[], args: readonly Argument[]): Promise<unknown> {
    return connection.send(client => this.send(client, keys, args))
  }

  /** Runs it on this client, behind what was sent there before, and before what will be. */
  async send(client: Redis, keys: readonly string[], args: readonly Argument[]): Promise<unknown> {
    const values = [...keys, ...args.map(arg => (typeof arg === 'number' ? String(arg) : arg))]
    try {
      return await (client as ScriptClient).evalshaBuffer(this.#sha, keys.length, values)
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
      return await (client as ScriptClient).evalBuffer(this.#source, keys.length, values)
    }
  }
}

function read(name: string): string {
  return readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8')
}
