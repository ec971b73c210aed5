import type { Machine } from '@fosen/apt'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { findChromium } from '../src/index.ts'

/** A machine on which the commands run that `has` lists, and on which apt-get brings chromium when `installs`. */
function machine({ has = [] as string[], installs = true, uid = 0, env = {} }) {
  const there = new Set(has)
  const ran: string[] = []
  const run: Machine['run'] = async (command, args) => {
    ran.push([command, ...args].join(' '))
    if (!there.has(command)) throw new Error('no')
    if (args[0] === 'install' && installs) there.add('/usr/bin/chromium')
  }
  return { ran, machine: { env, uid, run } }
}

const apt = 'apt-get install -y --no-install-recommends chromium'

beforeEach(() => {
  vi.spyOn(console, 'error').mockReturnValue()
})
afterEach(() => {
  vi.restoreAllMocks()
})

describe('Chromium', () => {
  test.each([
    ['FOSEN_NO_INSTALL forbids it', { has: ['apt-get'], env: { FOSEN_NO_INSTALL: '1' } }, apt],
    ['it is not root', { has: ['apt-get'], uid: 1000 }, `sudo ${apt}`],
    ['there is no apt-get', {}, 'CHROMIUM=/path/to/chromium <your command>'],
  ])('is not installed when %s: it says what to type', async (_, options, command) => {
    const { machine: it, ran } = machine(options)
    expect(await findChromium(it)).toEqual({ command })
    expect(ran.filter(line => line.includes('install'))).toEqual([])
    expect(console.error).not.toHaveBeenCalled()
  })

  test('is still missing when its installation fails, or leaves none that runs', async () => {
    expect(await findChromium(machine({ has: ['apt-get'], installs: false }).machine)).toEqual({ command: apt })
  })

  test('is installed by root, which is said in one line', async () => {
    const { machine: it, ran } = machine({ has: ['apt-get'] })
    expect(await findChromium(it)).toEqual({ path: '/usr/bin/chromium' })
    expect(ran.filter(line => line.startsWith('apt-get')).slice(1)).toEqual([
      'apt-get update',
      `${apt} -o DPkg::Lock::Timeout=300`,
    ])
    expect(console.error).toHaveBeenCalledOnce()
  })

  test('that is there is taken, wherever it usually stands', async () => {
    expect(await findChromium(machine({ has: ['/usr/bin/google-chrome', 'apt-get'] }).machine)).toEqual({
      path: '/usr/bin/google-chrome',
    })
  })

  test('that CHROMIUM names is taken before others, and none when it does not run', async () => {
    const has = ['/usr/bin/chromium', '/opt/chrome']
    expect(await findChromium(machine({ has, env: { CHROMIUM: '/opt/chrome' } }).machine)).toEqual({
      path: '/opt/chrome',
    })
    await expect(findChromium(machine({ has, env: { CHROMIUM: '/nowhere' } }).machine)).rejects.toThrow(
      'CHROMIUM is /nowhere, and that does not run',
    )
  })
})
