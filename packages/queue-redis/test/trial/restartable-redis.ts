import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RedisServer, startRedisServer } from '@fosen/redis-server'

/** A Redis that can be killed, and then goes on where its append-only file ends. */
export class RestartableRedis implements AsyncDisposable {
  readonly #dir: string
  readonly #args: readonly string[]
  #server: RedisServer

  private constructor(dir: string, args: readonly string[], server: RedisServer) {
    this.#dir = dir
    this.#args = args
    this.#server = server
  }

  static async start(appendfsync: 'always' | 'everysec', ...more: string[]): Promise<RestartableRedis> {
    const dir = await mkdtemp(join(tmpdir(), 'fosen-trial-'))
    const args = ['--dir', dir, '--appendonly', 'yes', '--appendfsync', appendfsync, ...more]
    return new RestartableRedis(dir, args, await startRedisServer({ args }))
  }

  get url(): string {
    return this.#server.url
  }

  get port(): number {
    return this.#server.port
  }

  get pid(): number {
    return this.#server.pid
  }

  /** Kills it with SIGKILL, and starts it again at the same port. */
  async killAndRestart(): Promise<void> {
    const { pid, port } = this.#server
    process.kill(pid, 'SIGKILL')
    await this.#server.stop()
    this.#server = await startRedisServer({ port, args: this.#args })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.stop()
    await rm(this.#dir, { recursive: true, force: true })
  }
}
