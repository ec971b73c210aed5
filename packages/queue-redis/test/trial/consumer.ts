import { writeSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { consume } from '@fosen/queue'
import { RedisQueue } from '../../src/index.ts'

// Handles numbers until it is killed, and writes down each before its message is acked.
const [name, url] = process.argv.slice(2) as [string, string]
const queue = new RedisQueue<number>(name, { url, lease: 1_000 })
consume(
  queue,
  async number => {
    await setTimeout(Math.random() * 4)
    writeSync(1, `${number}\n`)
  },
  { concurrency: 10, retries: Infinity },
)
