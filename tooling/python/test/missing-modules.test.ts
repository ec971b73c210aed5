import type { Machine } from '@fosen/apt'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { missingPythonModules, python } from '../src/index.ts'

/** A machine that has what `has` says, and gains pandas by an installation when `installs`. */
function machine({ has = [] as string[], installs = true, uid = 0, env = {} }) {
  const there = new Set(has)
  const ran: string[] = []
  const run: Machine['run'] = async (command, args) => {
    ran.push([command, ...args].join(' '))
    if (command === python && there.has('pandas')) return
    if (command !== 'apt-get' || !there.has('apt-get')) throw new Error('no')
    if (args[0] === 'install' && installs) there.add('pandas')
  }
  return { ran, machine: { env, uid, run } }
}

const apt = 'apt-get install -y --no-install-recommends python3-numpy python3-pandas'
const modules = ['numpy', 'pandas']

beforeEach(() => {
  vi.spyOn(console, 'error').mockReturnValue()
})
afterEach(() => {
  vi.restoreAllMocks()
})

describe('the modules of Python', () => {
  test.each([
    ['FOSEN_NO_INSTALL forbids it', { has: ['apt-get'], env: { FOSEN_NO_INSTALL: '1' } }, apt],
    ['it is not root', { has: ['apt-get'], uid: 1000 }, `sudo ${apt}`],
    ['there is no apt-get', {}, `${python} -m pip install numpy pandas`],
  ])('are not installed when %s: it says what to type', async (_, options, command) => {
    const { machine: it, ran } = machine(options)
    expect(await missingPythonModules(modules, it)).toBe(command)
    expect(ran.filter(line => line.includes('apt-get install'))).toEqual([])
    expect(console.error).not.toHaveBeenCalled()
  })

  test('are still missing when their installation fails', async () => {
    expect(await missingPythonModules(modules, machine({ has: ['apt-get'], installs: false }).machine)).toBe(apt)
  })

  test('are installed by root, which is said in one line', async () => {
    const { machine: it, ran } = machine({ has: ['apt-get'] })
    expect(await missingPythonModules(modules, it)).toBeUndefined()
    expect(ran.slice(2, 4)).toEqual(['apt-get update', `${apt} -o DPkg::Lock::Timeout=300`])
    expect(console.error).toHaveBeenCalledOnce()
  })

  test('that are there are left alone', async () => {
    const { machine: it, ran } = machine({ has: ['pandas', 'apt-get'] })
    expect(await missingPythonModules(modules, it)).toBeUndefined()
    expect(ran).toEqual([`${python} -c import numpy, pandas`])
  })
})
