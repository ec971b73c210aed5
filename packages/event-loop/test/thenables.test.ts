import { coroutine } from '@fosen/coroutine'
import { EventLoop, fromPromise, timeout } from '@fosen/event-loop'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let loop: EventLoop
beforeEach(() => {
  loop = new EventLoop()
})
afterEach(() => {
  expect([loop.bodies.size, loop.outside]).toEqual([0, 0])
  loop.close()
})

type Then = (resolve: (value: string) => void, reject: (error: unknown) => void) => void

/** What can be awaited, and is no promise of Node's. */
const thenable = (then: Then) => ({ then }) as PromiseLike<string>

const thenables: [string, PromiseLike<string>, unknown][] = [
  ['gives a value at once', thenable(resolve => resolve('one')), 'one'],
  ['fails at once', thenable((_, reject) => reject('failed')), 'failed'],
  [
    'throws',
    thenable(() => {
      throw 'thrown'
    }),
    'thrown',
  ],
  [
    'gives a value, and throws',
    thenable(resolve => {
      resolve('one')
      throw new Error('late')
    }),
    'one',
  ],
  [
    'gives two values',
    thenable(resolve => {
      resolve('one')
      resolve('two')
    }),
    'one',
  ],
  [
    'gives a value and fails later',
    thenable((resolve, reject) => {
      setImmediate(() => {
        resolve('one')
        reject(new Error('late'))
      })
    }),
    'one',
  ],
]

describe.each(thenables)('a thenable that %s', (_, made, outcome) => {
  const run = coroutine(function* () {
    return yield* timeout(undefined, () => made)
  })
  const wait = coroutine(function* () {
    return yield* fromPromise(made)
  })

  test.each([
    ['is awaited', () => loop.createTask(async () => await made)],
    ['is what an async function gives', () => loop.createTask(() => made)],
    ['is what a body gives', () => loop.createTask(run())],
    ['is what fromPromise takes', () => loop.createTask(wait())],
  ])('has the same outcome when it %s', async (_, start) => {
    expect(await loop.runUntilComplete(start()).catch(error => error)).toEqual(outcome)
  })
})
