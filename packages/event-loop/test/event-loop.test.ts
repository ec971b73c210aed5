import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { coroutine } from '@fosen/coroutine'
import { EventLoop, type ExceptionContext, fromPromise, getRunningLoop, RuntimeError, sleep } from '@fosen/event-loop'
import { afterEach, beforeEach, describe, expect, expectTypeOf, test, vi } from 'vitest'

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}.ts`, import.meta.url))

let loop: EventLoop
let told: ExceptionContext[]
beforeEach(() => {
  loop = new EventLoop()
  told = []
  loop.setExceptionHandler((_, context) => told.push(context))
})
afterEach(() => loop.close())

const give = coroutine(function* <T>(value: T) {
  yield* sleep(0)
  return value
})
const raise = coroutine(function* (error: unknown) {
  yield* sleep(0)
  throw error
})

describe('runUntilComplete', () => {
  test('gives what the coroutine returns', async () => {
    const result = loop.runUntilComplete(give('text'))
    expectTypeOf(result).toEqualTypeOf<Promise<string>>()
    expect(await result).toBe('text')
  })

  test('rejects with what the coroutine throws, undefined included', async () => {
    await expect(loop.runUntilComplete(raise(new RangeError('thrown')))).rejects.toThrow(RangeError)
    await expect(loop.runUntilComplete(raise(undefined))).rejects.toBeUndefined()
  })

  test('takes a task or a future, also one that is done', async () => {
    const task = loop.createTask(give(1))
    expect(await loop.runUntilComplete(task)).toBe(1)
    expect(await loop.runUntilComplete(task)).toBe(1)
  })

  test.each([[5], [null], [undefined], ['text'], [[1]], [Promise.resolve(1)]])('refuses %s', async value => {
    await expect(loop.runUntilComplete(value as never)).rejects.toThrow(TypeError)
  })

  test('refuses a loop that runs or is closed, and a future of another loop', async () => {
    const first = loop.runUntilComplete(give(1))
    expect(() => loop.close()).toThrow('Cannot close a running event loop')
    await expect(loop.runUntilComplete(give(2))).rejects.toThrow('already running')
    await first
    const other = new EventLoop()
    await expect(loop.runUntilComplete(other.createFuture())).rejects.toThrow('different loop')
    other.close()
    await expect(other.runUntilComplete(give(1))).rejects.toThrow('Event loop is closed')
  })

  test('rejects when the loop is stopped before', async () => {
    loop.callSoon(() => loop.stop())
    await expect(loop.runUntilComplete(loop.createFuture())).rejects.toThrow('stopped before Future completed')
  })
})

describe('runForever', () => {
  test('runs until stop, and what is left runs the next time', async () => {
    const calls: string[] = []
    loop.callSoon(() => {
      calls.push('first')
      loop.stop()
      loop.callSoon(() => calls.push('later'))
    })
    await loop.runForever()
    expect(calls).toEqual(['first'])
    await loop.runUntilComplete(give(0))
    expect(calls).toEqual(['first', 'later'])
  })

  test('keeps the process alive until it is stopped', async () => {
    const child = execFile(process.execPath, [fixture('run-forever')])
    const exit = once(child, 'exit')
    let printed = ''
    for await (const chunk of child.stdout ?? []) {
      printed += chunk
      if (String(chunk).includes('running')) child.kill('SIGUSR2')
    }
    expect(await exit).toEqual([0, null])
    expect(printed).toBe('running\nstopping\nstopped\n')
  })

  test('stops at once when stop was called before', async () => {
    loop.stop()
    await loop.runForever()
    expect(loop.isRunning()).toBe(false)
  })
})

describe('callbacks', () => {
  test('run in batches: what a batch adds runs in the next one', async () => {
    const order: number[] = []
    loop.callSoon(() => {
      order.push(1)
      loop.callSoon(() => order.push(3))
    })
    loop.callSoon(n => order.push(n), 2)
    await loop.runUntilComplete(give(0))
    expect(order).toEqual([1, 2, 3])
  })

  test('run at their time, in the order of setting at equal times', async () => {
    const order: string[] = []
    const when = loop.time() + 5
    loop.callAt(when + 2, () => order.push('last'))
    for (const name of ['a', 'b', 'c', 'd', 'e']) loop.callAt(when, () => order.push(name))
    loop.callLater(-1, () => order.push('past'))
    loop.callSoon(() => order.push('soon'))
    await loop.runUntilComplete(sleep(10))
    expect(order).toEqual(['soon', 'past', 'a', 'b', 'c', 'd', 'e', 'last'])
  })

  test('do not run once they are cancelled', async () => {
    const order: string[] = []
    const handle = loop.callSoon(() => order.push('soon'))
    const timer = loop.callLater(1, () => order.push('later'))
    handle.cancel()
    timer.cancel()
    expect([handle.cancelled(), timer.cancelled()]).toEqual([true, true])
    await loop.runUntilComplete(sleep(3))
    expect(order).toEqual([])
  })

  test('tell the exception handler what they throw, and the next still runs', async () => {
    const order: string[] = []
    const handle = loop.callSoon(function fails() {
      throw new Error('thrown')
    })
    loop.callSoon(() => order.push('next'))
    await loop.runUntilComplete(give(0))
    expect(order).toEqual(['next'])
    expect(told).toEqual([{ message: 'Exception in callback fails', error: new Error('thrown'), handle }])
  })

  test('are refused when they are none, at a time that is none, or by a closed loop', () => {
    expect(() => loop.callSoon(5 as never)).toThrow(TypeError)
    expect(() => loop.callLater(Number.NaN, () => {})).toThrow(RangeError)
    expect(() => loop.callLater('soon' as never, () => {})).toThrow(RangeError)
    loop.close()
    expect(() => loop.callSoon(() => {})).toThrow(RuntimeError)
    expect(() => loop.callLater(0, () => {})).toThrow(RuntimeError)
  })

  test('let the I/O and timers of Node go on while they fill the loop', async () => {
    let spinning = true
    const spin = () => spinning && loop.callSoon(spin)
    loop.callSoon(spin)
    setTimeout(() => {
      spinning = false
      loop.stop()
    }, 5)
    await loop.runForever()
    expect(spinning).toBe(false)
  })

  test.each<[string, (isOver: () => boolean) => void]>([
    [
      'callbacks',
      isOver => {
        const spin = () => {
          if (!isOver()) loop.callSoon(spin)
        }
        spin()
      },
    ],
    [
      'a coroutine',
      isOver => {
        const spin = coroutine(function* () {
          while (!isOver()) yield* sleep(0)
        })
        loop.createTask(spin())
      },
    ],
    [
      'an async function',
      isOver =>
        loop.createTask(async () => {
          while (!isOver()) await sleep(0)
        }),
    ],
  ])('let I/O go on, one operation after the other, while %s fills the loop', async (_, fill) => {
    let read = 0
    fill(() => read === 5)
    const readAll = coroutine(function* () {
      for (; read < 5; read++) yield* fromPromise(readFile(import.meta.filename))
    })
    await loop.runUntilComplete(readAll())
    expect(read).toBe(5)
  })

  test('ask Node for one turn at a time, also when a timer is due while they fill the loop', async () => {
    let [waiting, most] = [0, 0]
    const { setImmediate } = globalThis
    using _ = vi.spyOn(globalThis, 'setImmediate').mockImplementation(((turn: () => void) => {
      most = Math.max(most, ++waiting)
      return setImmediate(() => {
        waiting--
        turn()
      })
    }) as typeof setImmediate)
    let left = 1000
    const spin = () => {
      if (left-- > 0 || !isDue) loop.callSoon(spin)
      else loop.stop()
    }
    let isDue = false
    loop.callLater(3, () => {
      isDue = true
      left = 1000
    })
    setTimeout(spin, 1)
    await loop.runForever()
    expect([waiting, most]).toEqual([0, 1])
  })

  test('let I/O go on while promises that are done follow each other', async () => {
    let reached = false
    setImmediate(() => {
      reached = true
    })
    const chain = coroutine(function* () {
      let turns = 0
      while (!reached && turns < 20_000) turns += yield* fromPromise(Promise.resolve(1))
      return turns
    })
    expect(await loop.runUntilComplete(chain())).toBeLessThan(20_000)
  })

  test('go on when something throws out of the loop itself', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [fixture('throw-out')])
    expect(stdout).toBe('uncaught: out of the loop\nnext\n')
  })

  test('go on when what they throw cannot be printed', async () => {
    using printed = vi.spyOn(console, 'error').mockImplementationOnce(() => {
      throw new Error('cannot be printed')
    })
    printed.mockReturnValue()
    loop.setExceptionHandler(undefined)
    loop.callSoon(function fails() {
      throw new Error('thrown')
    })
    expect(await loop.runUntilComplete(give('alive'))).toBe('alive')
    expect(printed).toHaveBeenLastCalledWith('Exception in callback fails', '(the error cannot be printed)')
  })

  test('find their loop as the running one, and no other code does', async () => {
    expect(() => getRunningLoop()).toThrow(RuntimeError)
    const found: unknown[] = []
    loop.callSoon(() => found.push(getRunningLoop()))
    await loop.runUntilComplete(give(0))
    expect(found).toEqual([loop])
    expect(() => getRunningLoop()).toThrow('no running event loop')
  })
})
