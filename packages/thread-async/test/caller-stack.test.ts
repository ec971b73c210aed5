import { setImmediate } from 'node:timers/promises'
import { asCompleted, ThreadFuture, ThreadPool, waitFutures } from '@fosen/thread-async'
import { afterAll, describe, expect, test } from 'vitest'
import { exit, fail, nestedFailure, waitAtGate, yieldThenFail } from './fixtures/functions.ts'
import { Gate } from './fixtures/gate.ts'

const pool = new ThreadPool({ max: 1 })
afterAll(() => pool.shutdown())

const seam = '    at async ThreadFuture (thread of the caller)'

/** The names in the frames below each seam: of the caller, of the caller's caller where calls were nested. */
function callers(error: Error): string[][] {
  const [, ...parts] = (error.stack as string).split(`\n${seam}\n`)
  return parts.map(part => part.split('\n').map(line => /at (?:async )?(\S+) \(/.exec(line)?.[1] ?? ''))
}

/** What an async function fails with. */
const caught = (run: () => unknown): Promise<Error> => Promise.resolve(run()).then(null, error => error)

describe('the stack of an error that was thrown in a thread', () => {
  test('goes on with that of the async function that awaits it', async () => {
    async function innerCaller() {
      return await pool.submit(fail, 'range')
    }
    async function outerCaller() {
      await innerCaller()
    }
    const error = await caught(outerCaller)
    expect(error.stack).toMatch(/^RangeError: out of range\n {4}at fail \(.*functions\.ts:\d+:\d+\)\n/)
    expect(callers(error)).toEqual([expect.arrayContaining(['innerCaller', 'outerCaller'])])
    expect(error.stack?.split('\n').slice(1)).toSatisfy((lines: string[]) => lines.every(line => /^ {4}at /.test(line)))
  })

  test.each<[string, () => unknown]>([
    [
      'Promise.all',
      async function byAll() {
        await Promise.all([1, pool.submit(fail, 'range')])
      },
    ],
    [
      'asCompleted',
      async function byCompleted() {
        for (const next of asCompleted([pool.submit(fail, 'range')])) await next
      },
    ],
    [
      'return',
      async function byReturn() {
        return await (async () => pool.submit(fail, 'range'))()
      },
    ],
    [
      'map',
      async function byMap() {
        for await (const _ of pool.map(fail, ['range']));
      },
    ],
    [
      'for await',
      async function byIteration() {
        for await (const _ of pool.submit(yieldThenFail));
      },
    ],
  ])('is followed through %s', async (_, run) => {
    expect(callers(await caught(run))).toEqual([expect.arrayContaining([run.name])])
  })

  test('goes on with that of the function that blocks on it', () => {
    function blocks() {
      return pool.submit(fail, 'range').result()
    }
    function iterates() {
      return [...pool.submit(yieldThenFail)]
    }
    for (const run of [blocks, iterates]) {
      const error = catchSync(run)
      expect(callers(error)[0]?.[0]).toBe(run.name)
    }
    const asks = () => pool.submit(fail, 'range').exception() as Error
    expect(callers(asks())[0]?.[0]).toBe('asks')
  })

  test('goes on once, however often it is awaited', async () => {
    const future = pool.submit(fail, 'range')
    async function first() {
      await future
    }
    const error = await caught(first)
    expect(await caught(async () => await future)).toBe(error)
    expect(catchSync(() => future.result())).toBe(error)
    expect(callers(error)).toEqual([expect.arrayContaining(['first'])])
  })

  test('goes on with that of the first who awaits it, when nobody did before', async () => {
    const future = pool.submit(fail, 'range')
    await waitFutures([future])
    future.then(null, () => {})
    await setImmediate()
    async function later() {
      await future
    }
    expect(callers(await caught(later))).toEqual([expect.arrayContaining(['later'])])
  })

  test('shows each thread that a call went through', async () => {
    async function submits() {
      await pool.submit(nestedFailure)
    }
    const error = await caught(submits)
    expect(callers(error)).toEqual([expect.arrayContaining(['nestedFailure']), expect.arrayContaining(['submits'])])
  })

  test('goes on also when the thread died, or the time was over', async () => {
    async function waits() {
      await pool.submit(exit, 1)
    }
    expect(callers(await caught(waits))).toEqual([expect.arrayContaining(['waits'])])
    async function hurries() {
      await pool.with({ timeout: 1, grace: 0 }).submit(waitAtGate, new Gate().cells)
    }
    expect(callers(await caught(hurries))).toEqual([expect.arrayContaining(['hurries'])])
  })

  test('is left as it is where stacks are not as V8 writes them', async () => {
    const prepare = Error.prepareStackTrace
    Error.prepareStackTrace = () => ['not', 'text']
    try {
      expect((await caught(async () => await pool.submit(fail, 'range'))).stack).toMatch(/functions\.ts/)
    } finally {
      Error.prepareStackTrace = prepare as never
    }
  })

  test('of this thread is left alone: the reason of a signal, or what somebody else has set', async () => {
    const reason = new Error('why')
    const { stack } = reason
    const aborted = pool.with({ signal: AbortSignal.abort(reason) }).submit(fail, 'range')
    expect(await caught(async () => await aborted)).toBe(reason)
    const future = new ThreadFuture<void>(() => true)
    future.setException(reason)
    expect(catchSync(() => future.result())).toBe(reason)
    expect(reason.stack).toBe(stack)
  })
})

function catchSync(run: () => unknown): Error {
  try {
    run()
  } catch (error) {
    return error as Error
  }
  throw new Error('it did not fail')
}
