import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'

// The programs that Python's users know asyncio by, and what CPython prints for them: as far as the order is determined.
let program: ChildProcess
afterEach(() => program.kill('SIGKILL'))

const fileOf = (name: string) => fileURLToPath(new URL(`fixtures/seed/${name}.ts`, import.meta.url))
const start = (name: string) => {
  program = spawn(process.execPath, [fileOf(name)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return createInterface({ input: program.stdout as NodeJS.ReadableStream })
}
const ofThread = (line: string) => line.startsWith('正在执行')
const ofCaller = (line: string) => !ofThread(line)

describe('a program of', () => {
  test('runUntilComplete blocks until its coroutine has returned', async () => {
    expect(await Array.fromAsync(start('04-run-until-complete'))).toEqual(['Fosen'])
  })

  test('createTask shows the task before and after, and has its result only when it is done', async () => {
    const coro = (state: string) => `coro=<coroutineExample() ${state} at ${fileOf('05-create-task')}:4>`
    expect(await Array.fromAsync(start('05-create-task'))).toEqual([
      `运行情况: <Task pending name='Task-1' ${coro('running')}>`,
      'task 状态未完成,捕获 InvalidStateError',
      'Fosen',
      `再看下运行情况: <Task finished name='Task-1' ${coro('done, defined')} result=undefined>`,
      '返回值: undefined',
    ])
  })

  test('wait runs its tasks at the same time, and has all their results', async () => {
    const names = ['Fosen_0', 'Fosen_1', 'Fosen_2']
    expect(await Array.fromAsync(start('06-wait'))).toEqual([
      ...names.map(name => `正在执行: ${name}`),
      ...names.map(name => `执行完毕: ${name}`),
      ...names.map(name => `返回值:${name}`),
    ])
  })

  test('callSoonThreadsafe goes on at once, calls what is not cancelled, and lives for its loop', async () => {
    const lines: string[] = []
    for await (const line of start('07-call-soon-threadsafe')) {
      if (lines.push(line) === 4) break
    }
    expect(lines.filter(ofThread)).toEqual(['正在执行: 2', '正在执行: 3'])
    expect(lines.filter(ofCaller)).toEqual(['主线程不阻塞', '继续运行中...'])
    program.kill()
    expect(await once(program, 'exit')).toEqual([null, 'SIGTERM'])
  })

  test('runCoroutineThreadsafe sees its coroutine print while it blocks, and then goes on at once', async () => {
    const lines = await Array.fromAsync(start('08-run-coroutine-threadsafe'))
    expect(lines.slice(0, 2)).toEqual(['正在执行: 1', '返回结果:1'])
    expect(lines.slice(2).filter(ofThread)).toEqual(['正在执行: 2', '正在执行: 3'])
    expect(lines.slice(2).filter(ofCaller)).toEqual(['主线程不阻塞', '继续运行中...'])
  })
})
