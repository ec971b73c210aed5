import { receiveMessageOnPort, threadId, workerData } from 'node:worker_threads'
import { addThread, setThreadTable } from '@fosen/shared-memory'
import { isThenable } from '../is-thenable.ts'
import { type Reference, resolveReference } from '../portable.ts'
import { CallMemory } from '../ring/call-memory.ts'
import { FunctionTable } from '../ring/function-table.ts'
import { ThreadCells } from '../ring/thread-cells.ts'
import { setThreadCounts } from '../thread-count.ts'
import { decodeError, encodeError } from '../wire/error-codec.ts'
import type { ThreadData, ToThread } from '../wire/messages.ts'
import type { WireArguments } from '../wire/wire-arguments.ts'
import { Answers } from './answers.ts'
import { CallPuller } from './call-puller.ts'
import { writeConsoleAtOnce } from './console.ts'
import { RunningCall } from './current-call.ts'
import { runCall } from './run-call.ts'

/** Runs the calls that this thread takes from its pool's memory, and those that it is sent. */
export function serveCalls(): void {
  const data = workerData as ThreadData
  setThreadCounts(data.counts)
  setThreadTable(data.table)
  addThread(threadId, data.parent)
  const memory = new CallMemory(data.memory)
  const functions = new FunctionTable(data.functions)
  const cells = new ThreadCells(memory.slots, data.concurrency, data.cells)
  const answers = new Answers(data, memory, cells)
  const puller = new CallPuller(data.number, memory, cells, {
    run(slot) {
      const reference = functions.reference(memory.functionOf(slot))
      serve(new RunningCall(memory, slot, memory.id(slot), reference), { values: memory.args(slot), shared: [] })
    },
    givePlace: () => answers.givePlace(),
    receive() {
      const next = receiveMessageOnPort(data.port)
      if (next) onMessage(next.message)
      return next !== undefined
    },
  })
  /** Those under way, by slot. */
  const running: (RunningCall | undefined)[] = []

  writeConsoleAtOnce()
  process.on('uncaughtExceptionMonitor', error => {
    // One that the thread's own code handles is not its end.
    if (process.listenerCount('uncaughtException') > 0) return
    answers.send({ type: 'uncaught', error: encodeError(error) })
  })
  process.on('exit', code => answers.send({ type: 'exit', code }))
  const initialized = data.initializer && initialize(data.initializer, answers)
  const whenReady = (then: () => void) => {
    if (initialized) void initialized.then(isReady => isReady && then())
    else then()
  }
  whenReady(() => answers.send({ type: 'ready' }))
  data.port.on('message', (message: ToThread) => whenReady(() => onMessage(message)))
  // A call that cannot be read ends the thread, and so fails.
  data.port.on('messageerror', error => {
    throw error
  })
  whenReady(() => puller.pull())

  function onMessage(message: ToThread) {
    if (message.type === 'wake') {
      puller.pull()
    } else if (message.type === 'call') {
      const { slot, id, fn, args } = message
      serve(new RunningCall(memory, slot, id, typeof fn === 'number' ? functions.reference(fn) : fn), args)
      puller.pull()
    } else {
      const call = running[message.slot]
      if (call?.id !== message.id) return
      if (message.type === 'cancel') call.abort(decodeError(message.reason))
      else call.giveCredit(message.count)
    }
  }

  function serve(call: RunningCall, args: WireArguments) {
    running[call.slot] = call
    const succeed = (value: unknown) => {
      running[call.slot] = undefined
      answers.succeed(call, value)
    }
    const fail = (error: unknown) => {
      running[call.slot] = undefined
      answers.fail(call, error)
    }
    let value: unknown
    try {
      value = runCall(call, args, value => answers.yield(call, value))
    } catch (error) {
      fail(error)
      return
    }
    // Without a turn of the event loop where none is needed.
    if (isThenable(value))
      void Promise.resolve(value)
        .then(succeed, fail)
        .then(() => puller.pull())
    else succeed(value)
  }
}

/** @returns whether calls can be run */
async function initialize(initializer: Reference, answers: Answers): Promise<boolean> {
  try {
    const fn = await resolveReference(initializer)
    await fn()
    return true
  } catch (error) {
    answers.send({ type: 'broken', error: encodeError(error) })
    return false
  }
}
