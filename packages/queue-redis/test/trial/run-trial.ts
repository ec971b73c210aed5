import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { RedisQueue } from '../../src/index.ts'
import { RestartableRedis } from './restartable-redis.ts'

export interface TrialOptions {
  readonly messages: number
  readonly consumers: number
  /** How many consumers are killed while messages are handled, and how often Redis is. */
  readonly consumerKills: number
  readonly redisKills: number
  readonly appendfsync: 'always' | 'everysec'
}

export interface TrialResult {
  readonly lost: number
  /** Messages that were handled more than once. */
  readonly repeated: number
  readonly ms: number
}

const program = fileURLToPath(new URL('consumer.ts', import.meta.url))
const perPut = 100

/**
 * Puts numbered messages, has processes handle them that are killed at random, kills Redis meanwhile, and counts what was
 * handled.
 */
export async function runTrial(options: TrialOptions): Promise<TrialResult> {
  const { messages, appendfsync } = options
  const start = performance.now()
  const dir = await mkdtemp(join(tmpdir(), 'fosen-trial-log-'))
  await using redis = await RestartableRedis.start(appendfsync)
  await using queue = new RedisQueue<number>('trial', { url: redis.url })
  const consumers = new Consumers(options.consumers, dir, ['trial', redis.url])
  try {
    const producing = produce(queue, messages)
    await harm(options, consumers, redis)
    await producing
    await queue.join()
    return { ...count(readFileSync(consumers.log, 'utf8'), messages), ms: Math.round(performance.now() - start) }
  } finally {
    await consumers.stop()
    await rm(dir, { recursive: true, force: true })
  }
}

async function produce(queue: RedisQueue<number>, messages: number) {
  for (let first = 0; first < messages; first += perPut) {
    await queue.putMany(Array.from({ length: Math.min(perPut, messages - first) }, (_, i) => first + i))
  }
}

/** Spreads what is killed evenly over what is handled. */
async function harm(
  { messages, consumerKills, redisKills }: TrialOptions,
  consumers: Consumers,
  redis: RestartableRedis,
) {
  const kills = [
    ...Array.from({ length: consumerKills }, (_, i) => ({
      at: (i + 1) / (consumerKills + 1),
      kill: () => consumers.killOne(),
    })),
    ...Array.from({ length: redisKills }, (_, i) => ({
      at: (i + 0.5) / redisKills,
      kill: () => redis.killAndRestart(),
    })),
  ].toSorted((one, other) => one.at - other.at)
  const all = Array.from({ length: messages }, (_, number) => `${number}\n`).join('').length
  for (const { at, kill } of kills) {
    while (consumers.written < at * all) await setTimeout(5)
    await kill()
  }
}

/** Processes that write down what they handle, into one file, until they are killed. */
class Consumers {
  readonly log: string
  readonly #args: readonly string[]
  readonly #file: number
  readonly #running = new Set<ChildProcess>()

  constructor(count: number, dir: string, args: readonly string[]) {
    this.log = join(dir, 'handled')
    this.#args = args
    this.#file = openSync(this.log, 'a')
    for (let i = 0; i < count; i++) this.#start()
  }

  /** How many bytes they have written. */
  get written(): number {
    return statSync(this.log).size
  }

  async killOne() {
    const running = [...this.#running]
    await this.#kill(running[Math.floor(Math.random() * running.length)] as ChildProcess)
    this.#start()
  }

  async stop() {
    await Promise.all([...this.#running].map(child => this.#kill(child)))
    closeSync(this.#file)
  }

  #start() {
    const args = [
      '--disable-warning=ConsumerWarning',
      '--disable-warning=RedisConnectionWarning',
      program,
      ...this.#args,
    ]
    this.#running.add(spawn(process.execPath, args, { stdio: ['ignore', this.#file, 'inherit'] }))
  }

  async #kill(child: ChildProcess) {
    this.#running.delete(child)
    const exited = once(child, 'exit')
    if (child.kill('SIGKILL')) await exited
  }
}

function count(log: string, messages: number): Pick<TrialResult, 'lost' | 'repeated'> {
  const times = new Map<number, number>()
  for (const line of log.split('\n').slice(0, -1)) times.set(Number(line), (times.get(Number(line)) ?? 0) + 1)
  const lost = Array.from({ length: messages }, (_, number) => number).filter(number => !times.has(number)).length
  const repeated = times
    .values()
    .filter(count => count > 1)
    .toArray().length
  return { lost, repeated }
}
