import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { installRedisServer, RedisServerMissingError } from '../src/index.ts'
import { fakeMachine } from './fake-machine.ts'

/** A package manager that notes how it is called, and installs a server that runs. */
const installs = `
echo "$0 $*" >>"$BIN/calls"
case "$*" in *install*) printf '#!/bin/sh\\n' >"$BIN/redis-server"; /bin/chmod +x "$BIN/redis-server" ;; esac`

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
})

afterEach(() => {
  vi.restoreAllMocks()
})

function calls(root: string) {
  return readFileSync(join(root, 'bin/calls'), 'utf8').replaceAll(`${root}/bin/`, '').trim().split('\n')
}

test('root on Debian installs it with apt-get, having said so in one line', async () => {
  using machine = fakeMachine({ bin: { 'apt-get': installs } })
  expect(await installRedisServer(machine)).toBe(join(machine.root, 'bin/redis-server'))
  expect(calls(machine.root)).toEqual([
    'apt-get update',
    'apt-get install -y --no-install-recommends redis-server -o DPkg::Lock::Timeout=300',
  ])
  expect(vi.mocked(console.error).mock.calls).toEqual([
    ['redis-server is missing: installing it with apt-get (FOSEN_NO_INSTALL=1 forbids it)'],
  ])
})

test('the service of the package is not started', async () => {
  using machine = fakeMachine({ bin: { 'apt-get': `${installs}; echo "$RUNLEVEL $SYSTEMD_OFFLINE" >>"$BIN/calls"` } })
  await installRedisServer(machine)
  expect(calls(machine.root).at(-1)).toBe('1 1')
})

test('macOS installs it with brew', async () => {
  using machine = fakeMachine({ bin: { brew: installs } }, { platform: 'darwin', uid: 501 })
  await installRedisServer(machine)
  expect(calls(machine.root)).toEqual(['brew install redis'])
})

test('of two that install at the same time, the second finds the work done', async () => {
  using machine = fakeMachine({ bin: { 'apt-get': installs } })
  await Promise.all([installRedisServer(machine), installRedisServer(machine)])
  expect(calls(machine.root)).toHaveLength(2)
})

test('FOSEN_NO_INSTALL forbids it, and the error says what to type', async () => {
  using machine = fakeMachine({ bin: { 'apt-get': installs } }, { env: { FOSEN_NO_INSTALL: '1' } })
  const error = await installRedisServer(machine).catch(error => error)
  expect(error).toBeInstanceOf(RedisServerMissingError)
  expect(error.command).toBe('apt-get install -y --no-install-recommends redis-server')
  expect(() => calls(machine.root)).toThrow('ENOENT')
})

test('whoever is not root is told to use sudo', async () => {
  using machine = fakeMachine({ bin: { 'apt-get': installs } }, { uid: 1000 })
  await expect(installRedisServer(machine)).rejects.toThrow(
    'no redis-server found; to get Redis, type: sudo apt-get install -y --no-install-recommends redis-server',
  )
})

test('a machine without a known package manager is told of REDIS_SERVER', async () => {
  using machine = fakeMachine({ bin: {} })
  await expect(installRedisServer(machine)).rejects.toThrow('type: REDIS_SERVER=/path/to/redis-server <your command>')
})

test('an installation that fails says what the package manager said', async () => {
  using machine = fakeMachine({ bin: { 'apt-get': 'echo "no route to mirror" >&2; exit 100' } })
  await expect(installRedisServer(machine)).rejects.toThrow(/^apt-get failed: no route to mirror/)
})

test('an installation that leaves no server on the PATH fails', async () => {
  using machine = fakeMachine({ bin: { 'apt-get': 'exit 0' } })
  await expect(installRedisServer(machine)).rejects.toThrow('apt-get left no redis-server on the PATH')
})
