import { expect, test } from 'vitest'
import { runTrial } from './trial/run-trial.ts'

test.for(['always', 'everysec'] as const)(
  'nothing is lost while consumers are killed at random, and Redis three times, with appendfsync %s',
  async appendfsync => {
    const options = { messages: 6_000, consumers: 2, consumerKills: 4, redisKills: 3, appendfsync }
    const { lost, repeated } = await runTrial(options)
    expect(lost).toBe(0)
    expect(repeated).toBeLessThan(600)
  },
)
