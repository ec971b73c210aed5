import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { NotPortableError, Thread } from '@fosen/thread-async'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { add, waitAtGate, yieldThenFail } from './fixtures/functions.ts'
import { Gate } from './fixtures/gate.ts'

describe('Thread', () => {
  test('is alive from its start until its function has ended', async () => {
    const gate = new Gate()
    const thread = new Thread({ target: waitAtGate, args: [gate.cells], name: 'gatekeeper' })
    expect([thread.isAlive(), thread.name, thread.daemon]).toEqual([false, 'gatekeeper', false])
    expect(thread.start()).toBe(thread)
    await gate.arrived(1)
    expect(thread.isAlive()).toBe(true)
    await thread.join(1)
    expect(thread.joinSync(1)).toBe(false)
    expect(thread.isAlive()).toBe(true)
    gate.open()
    await thread.join()
    expect(thread.isAlive()).toBe(false)
    await thread.join()
  })

  test('is joined by a blocked thread', async () => {
    const thread = new Thread({ target: add, args: [1, 2] })
    thread.start()
    expect(thread.joinSync()).toBe(true)
    expect(thread.isAlive()).toBe(false)
    await thread.join()
  })

  test('starts once, and is joined only then', async () => {
    const thread = new Thread({ target: add, args: [1, 2] })
    await expect(thread.join()).rejects.toThrow('before it is started')
    expect(() => thread.joinSync()).toThrow('before it is started')
    thread.start()
    expect(() => thread.start()).toThrow('only be started once')
    await expect(thread.join(Number.NaN)).rejects.toThrow(RangeError)
    await thread.join()
  })

  test('refuses a function that is not portable, and arguments of other types', () => {
    expect(() => new Thread({ target: () => {} }).start()).toThrow(NotPortableError)
    const generator = new Thread({ target: yieldThenFail })
    expect(() => generator.start()).toThrow(TypeError)
    expect(generator.isAlive()).toBe(false)
    expectTypeOf(Thread<[number, number]>).constructorParameters.toExtend<[{ args?: [number, number] | undefined }]>()
  })

  test('keeps the process alive unless it is a daemon, and what it throws is an unhandled rejection', () => {
    const script = fileURLToPath(new URL('fixtures/threads.ts', import.meta.url))
    const run = (kind: string) => execFileSync(process.execPath, [script, kind], { encoding: 'utf8' })
    expect(run('daemon')).toBe('main has ended\n')
    expect(run('thread')).toBe('main has ended\nthread has ended\n')
    expect(run('failing')).toBe('main has ended\nunhandled: RangeError: out of range\n')
  })
})
