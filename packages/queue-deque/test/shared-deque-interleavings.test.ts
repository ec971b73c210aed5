import { setThreadTable, threadTable } from '@fosen/shared-memory'
import { afterEach, describe, expect, test } from 'vitest'
import {
  append,
  appendLeft,
  appendWait,
  close,
  outcomesOf,
  popAsync,
  popLeft,
  popWait,
  popWaitFor,
  waitInVain,
  waitInVainForRoom,
} from './fixtures/explore-deque.ts'

const table = threadTable()
afterEach(() => setThreadTable(table))

describe('in every interleaving', () => {
  test('a thread that waits gets an item from its end, and leaves the other one', () => {
    const outcomes = outcomesOf([[append(1)], [appendLeft(2)], [popWait]])
    expect(outcomes).toEqual(new Set(['true; true; 1; left: 2', 'true; true; 2; left: 1']))
  })

  test('two threads that wait for items get one each', () => {
    const outcomes = outcomesOf([[append(1), append(2)], [popWait], [popWait]])
    expect(outcomes).toEqual(new Set(['true,true; 1; 2; left: ', 'true,true; 2; 1; left: ']))
  })

  test('a thread that was woken for an item and gives up leaves it to another one', () => {
    const outcomes = outcomesOf([[append(1)], [popWait], [waitInVain]])
    expect(outcomes).toEqual(new Set(['true; 1; ; left: ']))
  })

  test('closing wakes who finds nothing, blocked or not', () => {
    const outcomes = outcomesOf([[append(1), close], [popAsync], [popWait]])
    expect(outcomes).toEqual(new Set(['true,; 1; closed; left: ', 'true,; closed; 1; left: ']))
  })

  test('two threads that wait for room get it', () => {
    const outcomes = outcomesOf([[popLeft, popLeft], [appendWait(5)], [appendWait(6)]], { items: [1, 2, 3, 4] })
    expect(outcomes).toEqual(new Set(['1,2; ; ; left: 3,4,5,6', '1,2; ; ; left: 3,4,6,5']))
  })

  test('a thread that was woken for room and gives up leaves it to another one', () => {
    const outcomes = outcomesOf([[popLeft], [appendWait(5)], [waitInVainForRoom]], { items: [1, 2, 3, 4] })
    expect(outcomes).toEqual(new Set(['1; ; ; left: 2,3,4,5']))
  })

  test('a thread that waits for much room holds up none that waits for little, and gets it when there is as much', () => {
    const little = outcomesOf([[popLeft], [appendWait(5), close], [appendWait(1e10)]], { items: [1, 2, 3, 4] })
    expect(little).toEqual(new Set(['1; ,; closed; left: 2,3,4,5']))
    const much = outcomesOf([[popLeft, popLeft], [appendWait(1e10)]], { items: [1, 2, 3, 4] })
    expect(much).toEqual(new Set(['1,2; ; left: 3,4,10000000000']))
  })
})

// Nobody times out while there is what he waits for.
describe('wherever a thread dies', () => {
  test('an item is in the deque, or was given to one thread, or is lost with the one that popped it', () => {
    expect(outcomesOf([[append(1)], [popWaitFor(50)]], { deaths: { most: 2 } })).toEqual(
      new Set([
        'true; 1; left: ',
        ...['true; died; left: ', 'true; died; left: 1', 'died; 1; left: ', 'died; timed out; left: '],
        ...['died; died; left: ', 'died; died; left: 1'],
      ]),
    )
  })

  test('what was pushed before and after stays in order', () => {
    expect(outcomesOf([[append(1), append(2)], [popWaitFor(50)]], { deaths: { most: 1 } })).toEqual(
      new Set([
        'true,true; 1; left: 2',
        ...['true,true; died; left: 2', 'true,true; died; left: 1,2'],
        ...['died; 1; left: 2', 'died; 1; left: ', 'died; timed out; left: '],
      ]),
    )
  })

  test('what it was woken for goes to another one', () => {
    const threads = [[append(1)], [popWaitFor(50)], [popWaitFor(50)]]
    expect(outcomesOf(threads, { deaths: { most: 1, of: ['B'] } })).toEqual(
      new Set([
        ...['true; 1; timed out; left: ', 'true; timed out; 1; left: '],
        ...['true; died; 1; left: ', 'true; died; timed out; left: '],
      ]),
    )
  })

  test('the room it would have taken goes to another one', () => {
    expect(outcomesOf([[popLeft], [appendWait(5, 50)]], { items: [1, 2, 3, 4], deaths: { most: 2 } })).toEqual(
      new Set([
        '1; ; left: 2,3,4,5',
        ...['1; died; left: 2,3,4,5', '1; died; left: 2,3,4', 'died; ; left: 2,3,4,5'],
        ...['died; died; left: 2,3,4,5', 'died; died; left: 2,3,4'],
        ...['died; timed out; left: 1,2,3,4', 'died; died; left: 1,2,3,4'],
      ]),
    )
  })
})
