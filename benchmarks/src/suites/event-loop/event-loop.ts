import { setTimeout } from 'node:timers/promises'
import { missingPythonModules, pythonVersion } from '@fosen/python'
import type { Gate } from '../../gate.ts'
import { type Contender, type MissingPeer, type Suite, Timed, type Workload } from '../../workload.ts'
import { effect, effectForEach } from './effect.ts'
import { effection } from './effection.ts'
import { fosen } from './fosen.ts'
import { native } from './native.ts'
import type { Peer, Programs } from './programs.ts'
import { pythonPeer } from './python-peer.ts'
import { saturated } from './saturated/saturated.ts'

/** How much one run of each program does. */
export interface Sizes extends Readonly<Record<keyof Programs, number>> {
  /** Tasks asleep, for what each of them holds in memory. */
  readonly asleep: number
  /** Round trips beside a loop that is saturated. */
  readonly trips: number
}

export const fullSizes: Sizes = {
  spawn: 100_000,
  giveWay: 200_000,
  pingPong: 100_000,
  sleeps: 100_000,
  callbacks: 1_000_000,
  cancel: 50_000,
  deepAwait: 1000,
  resolved: 200_000,
  awaitThread: 2000,
  blockOnThread: 2000,
  asleep: 100_000,
  trips: 900,
}

/** A workload, but for who takes part in it: all who have a way to do it. */
interface Plan {
  readonly title: string
  readonly program: keyof Programs
  readonly form?: number
  /** What a run of some size gives; the size itself by default. */
  readonly expected?: (size: number) => number
  readonly gate?: Gate
}

const sumOfIndexes = (size: number) => (size * (size - 1)) / 2

/** Tasks, timers, callbacks, queues and cancellation in one thread, and the way into a loop in another one. */
export async function eventLoop(sizes = fullSizes): Promise<Suite> {
  const ours = fosen()
  const { asyncio, uvloop } = await pythonPeers()
  const peers = [effect, effectForEach, effection, native, asyncio, uvloop]
  const io = await saturated(sizes.trips)

  const count = (program: keyof Sizes) => sizes[program].toLocaleString('en-US')
  const pythons = (timesPeer: number): Gate => ({ timesPeer, of: [asyncio.name, uvloop.name] })
  const both = (timesPython: number, timesEffect: number): Gate => ({
    all: [pythons(timesPython), { timesPeer: timesEffect, of: [effect.name] }],
  })
  const plans: Plan[] = [
    {
      title: `spawn ${count('spawn')} tasks, and gather their results`,
      program: 'spawn',
      expected: sumOfIndexes,
      gate: both(10, 8),
    },
    { title: 'sleep(0) in one task', program: 'giveWay', form: 1, gate: both(10, 15) },
    { title: 'sleep(0) in 100 tasks', program: 'giveWay', form: 100, gate: both(10, 15) },
    { title: 'ping-pong of two tasks over two queues', program: 'pingPong', gate: both(10, 10) },
    {
      title: `${count('sleeps')} tasks that sleep for up to 50 ms, until the last one is awake`,
      program: 'sleeps',
      expected: sumOfIndexes,
      gate: both(6, 3),
    },
    { title: `a chain of ${count('callbacks')} callbacks`, program: 'callbacks', gate: pythons(15) },
    {
      title: `spawn ${count('cancel')} tasks that sleep, cancel and gather them`,
      program: 'cancel',
      gate: { timesPeer: 6, of: [asyncio.name] },
    },
    {
      title: 'sleep(0) below 1000 coroutines that await each other',
      program: 'deepAwait',
      form: 1000,
      gate: { timesPeer: 0.8, of: [asyncio.name] },
    },
    { title: 'await of a resolved promise', program: 'resolved' },
    { title: 'await a coroutine in a loop thread', program: 'awaitThread', expected: sumOfIndexes },
    { title: 'result() of a coroutine in a loop thread', program: 'blockOnThread', expected: sumOfIndexes },
  ]
  const workload = (plan: Plan): Workload => {
    const contenders = [ours, ...peers].flatMap(peer => contender(peer, plan, sizes) ?? [])
    const { title, program, expected = size => size, gate } = plan
    const size = sizes[program]
    return {
      title,
      operations: size,
      expected: expected(size),
      contenders: contenders as unknown as Workload['contenders'],
      warmUp: 1000,
      gate,
    }
  }
  return {
    workloads: [...plans.map(workload), ...io.workloads],
    async [Symbol.asyncDispose]() {
      for (const peer of [ours, ...peers]) await peer.close?.()
      await io[Symbol.asyncDispose]()
    },
  }
}

/** A peer with one of its programs; undefined when it has no such program. */
function contender(peer: Peer, plan: Plan, sizes: Sizes): Contender | MissingPeer | undefined {
  const { program, form, expected = size => size } = plan
  const { name, missing, programs, tenths, bytesOfSleep } = peer
  const does = programs[program]
  if (!does) return undefined
  if (missing !== undefined) return { name, missing }
  const run = (size: number) => (form === undefined ? does(size) : does(size, form))
  const bytesOf = (tasks: number) => {
    if (program !== 'sleeps' || !bytesOfSleep) return undefined
    // Some of what was there before is let go of in later turns.
    return { bytes: () => setTimeout(100).then(() => bytesOfSleep(tasks)) }
  }
  const size = sizes[program]
  if (!tenths?.includes(program)) return { name, run: () => run(size), ...bytesOf(sizes.asleep) }
  const tenth = size / 10
  return {
    name: `${name}, a tenth`,
    async run() {
      const started = performance.now()
      const given = await run(tenth)
      const milliseconds = performance.now() - started
      return new Timed(given === expected(tenth) ? expected(size) : given, milliseconds * 10)
    },
    ...bytesOf(sizes.asleep / 10),
  }
}

/** The same programs on two loops of Python. */
async function pythonPeers() {
  const missing = await missingPythonModules(['uvloop'])
  const version = await pythonVersion()
  const name = (loop: string) => `${loop} (Python${version === undefined ? '' : ` ${version}`})`
  return {
    asyncio: pythonPeer('asyncio', name('asyncio'), version === undefined ? 'apt-get install -y python3' : undefined),
    uvloop: pythonPeer('uvloop', name('uvloop'), missing),
  }
}
