import { readFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { startDurableRedis } from './start-durable-redis.ts'
import { useEveryCommand } from './use-every-command.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const line = /^ACL SETUSER worker (.*)$/m.exec(readme)?.[1] ?? ''
const rules = line.split(' ')

test('a queue needs the permissions that the README lists, and no others', async () => {
  await using server = await startDurableRedis()
  const admin = new Redis(server.url)
  await admin.call('CONFIG', 'RESETSTAT')
  await useEveryCommand({ url: server.url })
  const stats = await admin.info('commandstats')
  await admin.quit()
  const used = Array.from(stats.matchAll(/^cmdstat_([^:]+):/gm), ([, name]) => name as string)
  const notOfTheQueue = new Set(['config|resetstat'])
  const needed = used.filter(name => !notOfTheQueue.has(name)).map(name => `+${name}`)
  const listed = rules.filter(rule => rule.startsWith('+'))
  // Those of passwords, of other databases, of replicas and of closing are needed where they are used.
  expect(listed.filter(rule => !['+auth', '+select', '+wait', '+quit'].includes(rule)).toSorted()).toEqual(
    needed.toSorted(),
  )
})

test('a queue does all that it can with these permissions', async () => {
  await using server = await startDurableRedis()
  const admin = new Redis(server.url)
  await admin.call('ACL', 'SETUSER', 'worker', ...rules)
  await useEveryCommand({ redis: { host: server.host, port: server.port, username: 'worker', password: 'secret' } })
  expect(await admin.call('ACL', 'LOG')).toEqual([])
  await admin.quit()
})
