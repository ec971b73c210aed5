import { parseArgs } from 'node:util'
import { runTrial } from './run-trial.ts'

// The trial in its whole size: node test/trial/main.ts --messages 100000 --appendfsync everysec
const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '100000' },
    appendfsync: { type: 'string', default: 'everysec' },
  },
})
const messages = Number(values.messages)
const appendfsync = values.appendfsync === 'always' ? 'always' : 'everysec'
const trial = { messages, consumers: 4, consumerKills: 20, redisKills: 3, appendfsync } as const
console.log(`${messages} messages, 4 consumers, 20 of which are killed, and Redis 3 times (appendfsync ${appendfsync})`)
const { lost, repeated, ms } = await runTrial(trial)
console.log(
  `lost ${lost}, repeated ${repeated} (${((100 * repeated) / messages).toFixed(2)} %), ${(ms / 1_000).toFixed(1)} s`,
)
process.exitCode = lost === 0 ? 0 : 1
