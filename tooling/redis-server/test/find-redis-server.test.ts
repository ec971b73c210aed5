import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findRedisServer } from '../src/index.ts'
import { fakeMachine } from './fake-machine.ts'

test('REDIS_SERVER goes before the PATH', async () => {
  using machine = fakeMachine({ elsewhere: { 'my-redis': '' }, bin: { 'redis-server': '' } })
  const mine = join(machine.root, 'elsewhere/my-redis')
  expect(await findRedisServer({ ...machine, env: { ...machine.env, REDIS_SERVER: mine } })).toBe(mine)
})

test('a REDIS_SERVER that does not run is refused, not passed over', async () => {
  using machine = fakeMachine({ bin: { 'redis-server': '' } })
  const looking = findRedisServer({ ...machine, env: { ...machine.env, REDIS_SERVER: '/nowhere/redis-server' } })
  await expect(looking).rejects.toThrow('REDIS_SERVER is /nowhere/redis-server, and that does not run')
})

test('redis-server is found before valkey-server, wherever on the PATH they are', async () => {
  using machine = fakeMachine({ first: { 'valkey-server': '' }, second: { 'redis-server': '' } })
  expect(await findRedisServer(machine)).toBe(join(machine.root, 'second/redis-server'))
})

test('valkey-server is found when there is no redis-server', async () => {
  using machine = fakeMachine({ bin: { 'valkey-server': '' } })
  expect(await findRedisServer(machine)).toBe(join(machine.root, 'bin/valkey-server'))
})

test('a server that does not run is not found', async () => {
  using machine = fakeMachine({ bin: { 'redis-server': 'exit 1' } })
  expect(await findRedisServer(machine)).toBeUndefined()
})
