import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { answers } from './answers.ts'
import { RedisServerStartError } from './errors.ts'
import { findRedisServer } from './find-redis-server.ts'
import { freePort, isTaken } from './free-port.ts'
import { installRedisServer } from './install-redis-server.ts'

export interface StartRedisServerOptions {
  /** The port; a free one by default. */
  readonly port?: number
  /** The path of a configuration file; a Sentinel needs one that it can write. */
  readonly config?: string
  /** Further arguments, as on the command line of redis-server. */
  readonly args?: readonly string[]
}

export interface RedisServer extends AsyncDisposable {
  readonly url: string
  readonly host: string
  readonly port: number
  /** The server's working directory: its log, and what it saves. It goes with the server. */
  readonly dir: string
  readonly pid: number
  /** Kills the server and removes its directory; resolves when both are gone. */
  stop(): Promise<void>
}

const guard = fileURLToPath(new URL('guard.sh', import.meta.url))
const host = '127.0.0.1'
const deadline = 10_000

/**
 * Starts a Redis server of its own on 127.0.0.1, which saves nothing unless `args` say so; installs Redis when there is
 * none. It resolves when the server answers.
 *
 * The server never outlives its owner, also when the owner is killed with SIGKILL, and does not keep the owner alive.
 *
 * @throws RedisServerMissingError when there is no Redis and it cannot be installed
 * @throws RedisServerStartError when the server ends before it answers, or does not answer within 10 s
 */
export async function startRedisServer({
  port,
  config,
  args = [],
}: StartRedisServerOptions = {}): Promise<RedisServer> {
  const path = (await findRedisServer()) ?? (await installRedisServer())
  for (let attempt = 1; ; attempt++) {
    const chosen = port ?? (await freePort())
    const fixed = [...(config === undefined ? [] : [config]), '--port', `${chosen}`, '--bind', host, '--save', '']
    const server = await spawnGuarded(path, [...fixed, ...args], chosen)
    try {
      await server.answering()
      return server
    } catch (error) {
      await server.stop()
      // Somebody else was given the port between our closing it and the server's opening it.
      if (port === undefined && attempt < 10 && (await isTaken(chosen))) continue
      throw error
    }
  }
}

async function spawnGuarded(path: string, args: readonly string[], port: number) {
  // In a session of its own: what ends the owner's process group, as Ctrl-C does, must not end the guard before its work is done.
  const child = spawn('/bin/sh', [guard, path, ...args], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
  })
  const life = child.stdio[3] as Socket
  const [line] = (await Promise.race([once(life, 'data'), once(life, 'end')])) as [Buffer?]
  if (line === undefined) throw new RedisServerStartError(`cannot make a directory for ${path}`, '')
  const [, pid, dir] = /^(\d+) (.*)\n$/s.exec(line.toString()) as unknown as [string, string, string]
  return new GuardedServer(child, Number(pid), dir, port)
}

class GuardedServer implements RedisServer {
  readonly host = host
  readonly port: number
  readonly url: string
  readonly dir: string
  readonly pid: number
  readonly #child: ChildProcess
  readonly #owners: Socket
  readonly #life: Socket
  readonly #ended: Promise<unknown>
  readonly #exited: Promise<unknown>

  constructor(child: ChildProcess, pid: number, dir: string, port: number) {
    this.pid = pid
    this.dir = dir
    this.port = port
    this.url = `redis://${host}:${port}`
    this.#child = child
    this.#owners = child.stdin as Socket
    this.#life = child.stdio[3] as Socket
    this.#ended = once(this.#life.resume(), 'end')
    this.#exited = once(child, 'exit')
    for (const handle of [child, this.#owners, this.#life]) handle.unref()
  }

  async answering() {
    let ended = false
    this.#ended.then(() => {
      ended = true
    })
    const late = Date.now() + deadline
    while (!(await answers(this.port, this.pid))) {
      if (ended) throw new RedisServerStartError('redis-server ended at its start:', await this.#log())
      if (Date.now() > late) throw new RedisServerStartError('redis-server did not answer:', await this.#log())
      await setTimeout(5)
    }
  }

  async stop() {
    for (const handle of [this.#child, this.#life]) handle.ref()
    this.#owners.end()
    await Promise.all([this.#ended, this.#exited])
  }

  [Symbol.asyncDispose]() {
    return this.stop()
  }

  #log() {
    return readFile(join(this.dir, 'redis.log'), 'utf8')
  }
}
