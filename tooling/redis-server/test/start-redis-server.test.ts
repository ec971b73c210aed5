import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { RedisServerStartError, startRedisServer } from '../src/index.ts'

const guard = fileURLToPath(new URL('../src/guard.sh', import.meta.url))
const owner = fileURLToPath(new URL('fixtures/owner.ts', import.meta.url))

function isRunning(pid: number) {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function say(port: number, command: string) {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.write(`${command}\r\nQUIT\r\n`)
  return text(socket)
}

test('a started server answers, and saves nothing', async () => {
  await using server = await startRedisServer()
  expect(server.url).toBe(`redis://127.0.0.1:${server.port}`)
  expect(await say(server.port, 'CONFIG GET save')).toBe('*2\r\n$4\r\nsave\r\n$0\r\n\r\n+OK\r\n')
})

test('a stopped server leaves no process and no directory, and may be stopped again', async () => {
  const server = await startRedisServer()
  expect([isRunning(server.pid), existsSync(server.dir)]).toEqual([true, true])
  await server.stop()
  expect([isRunning(server.pid), existsSync(server.dir)]).toEqual([false, false])
  await server.stop()
})

test('two servers at once have ports and directories of their own', async () => {
  await using one = await startRedisServer()
  await using other = await startRedisServer()
  await say(one.port, 'SET key one')
  expect(await say(other.port, 'GET key')).toBe('$-1\r\n+OK\r\n')
  expect(one.dir).not.toBe(other.dir)
})

test('further arguments are given to the server', async () => {
  await using server = await startRedisServer({ args: ['--save', '60 1', '--requirepass', 'secret'] })
  expect(await say(server.port, 'AUTH secret\r\nCONFIG GET save')).toContain('60 1')
})

test('a server that ends at its start rejects with its log, and leaves nothing', async () => {
  const error = await startRedisServer({ args: ['--no-such-option', '1'] }).catch(error => error)
  expect(error).toBeInstanceOf(RedisServerStartError)
  expect(error.message).toMatch(/^redis-server ended at its start:.*Bad directive or wrong number of arguments/s)
})

test('a port asked for that is taken rejects', async () => {
  await using server = await startRedisServer()
  await expect(startRedisServer({ port: server.port })).rejects.toThrow('Address already in use')
})

test('a server of an owner that is killed is gone, with its directory', async () => {
  const child = spawn(process.execPath, [owner, '60000'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(child.stdout, 'data')
  const { pid, dir } = JSON.parse(line)
  expect(isRunning(pid)).toBe(true)
  child.kill('SIGKILL')
  await vi.waitFor(() => expect([isRunning(pid), existsSync(dir)]).toEqual([false, false]), 5_000)
})

test('a server of an owner that is killed before it knows the server is gone, with its directory', async () => {
  const TMPDIR = await mkdtemp(join(tmpdir(), 'guard-'))
  const server = ['/bin/sh', '-c', `echo $$ >"$TMPDIR/pid"; exec sleep 60`]
  const child = spawn('/bin/sh', [guard, ...server], { env: { TMPDIR }, stdio: ['pipe', 'ignore', 'ignore', 'pipe'] })
  for (const pipe of [child.stdio[3], child.stdin]) (pipe as Socket).destroy()
  expect(await once(child, 'exit')).toEqual([expect.any(Number), null])
  // Killed at once, the server may not have come to say who it is.
  const pid = Number(await readFile(join(TMPDIR, 'pid'), 'utf8').catch(() => ''))
  expect(pid > 0 && isRunning(pid)).toBe(false)
  expect((await readdir(TMPDIR)).filter(name => name !== 'pid')).toEqual([])
  await rm(TMPDIR, { recursive: true })
})

test('a running server does not keep its owner alive', async () => {
  const child = spawn(process.execPath, [owner, '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [[line], [code]] = await Promise.all([once(child.stdout, 'data'), once(child, 'exit')])
  const { pid, dir } = JSON.parse(line)
  expect(code).toBe(0)
  await vi.waitFor(() => expect([isRunning(pid), existsSync(dir)]).toEqual([false, false]), 5_000)
})
