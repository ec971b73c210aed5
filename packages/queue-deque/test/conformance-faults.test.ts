import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { consuming } from './fixtures/faults/consuming.ts'
import { delivering } from './fixtures/faults/delivering.ts'
import { holding } from './fixtures/faults/holding.ts'
import { settling } from './fixtures/faults/settling.ts'
import { waiting } from './fixtures/faults/waiting.ts'
import { type Faults, testsWith } from './fixtures/faulty-queue.ts'

const faults: Faults = { ...delivering, ...settling, ...waiting, ...holding, ...consuming }

/** More turns of the event loop than any behaviour takes under a clock that jumps. */
const manyTurns = 10_000

/** What a behaviour's test comes to: undefined when the queue has it. */
async function outcomeOf(behave: () => Promise<void>): Promise<unknown> {
  let outcome: unknown = 'it hangs'
  behave().then(
    () => {
      outcome = undefined
    },
    error => {
      outcome = error
    },
  )
  for (let turns = 0; outcome === 'it hangs' && turns < manyTurns; turns++) await turn()
  return outcome
}

test('there is a fault for each behaviour of the suite', () => {
  expect(Object.keys(faults).toSorted()).toEqual([...testsWith({}).keys()].toSorted())
})

test('a queue without a fault has every behaviour', async () => {
  for (const [name, behave] of testsWith({})) expect(await outcomeOf(behave), name).toBeUndefined()
})

describe('a queue with a fault is seen not to be one that', () => {
  test.each(Object.entries(faults))('%s', async (name, fault) => {
    const behave = testsWith(fault).get(name)
    const outcome = await outcomeOf(behave as () => Promise<void>)
    expect(outcome).toBeDefined()
    expect(outcome, 'the fault is one of the fixture').not.toBeInstanceOf(TypeError)
  })
})
