import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, type TestContext, test } from 'vitest'

// The programs that Python's users know asyncio by, and what CPython prints for them: as far as the order is determined.

const fileOf = (name: string) => fileURLToPath(new URL(`fixtures/seed/${name}.ts`, import.meta.url))
const start = (name: string, { onTestFinished }: TestContext) => {
  const program = spawn(process.execPath, [fileOf(name)], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void program.kill('SIGKILL'))
  return { program, lines: createInterface({ input: program.stdout }) }
}
const ofThread = (line: string) => line.startsWith('正在执行')
const ofCaller = (line: string) => !ofThread(line)

// Most of the time they sleep: they run at the same time.
describe.concurrent('a program of', () => {
  test('runUntilComplete blocks until its coroutine has returned', async context => {
    expect(await Array.fromAsync(start('04-run-until-complete', context).lines)).toEqual(['Fosen'])
  })

  test('createTask shows the task before and after, and has its result only when it is done', async context => {
    const coro = (state: string) => `coro=<coroutineExample() ${state} at ${fileOf('05-create-task')}:4>`
    expect(await Array.fromAsync(start('05-create-task', context).lines)).toEqual([
      `运行情况: <Task pending name='Task-1' ${coro('running')}>`,
      'task 状态未完成,捕获 InvalidStateError',
      'Fosen',
      `再看下运行情况: <Task finished name='Task-1' ${coro('done, defined')} result=undefined>`,
      '返回值: undefined',
    ])
  })

  test('wait runs its tasks at the same time, and has all their results', async context => {
    const names = ['Fosen_0', 'Fosen_1', 'Fosen_2']
    expect(await Array.fromAsync(start('06-wait', context).lines)).toEqual([
      ...names.map(name => `正在执行: ${name}`),
      ...names.map(name => `执行完毕: ${name}`),
      ...names.map(name => `返回值:${name}`),
    ])
  })

  test('callSoonThreadsafe goes on at once, calls what is not cancelled, and lives for its loop', async context => {
    const { program, lines: all } = start('07-call-soon-threadsafe', context)
    const lines: string[] = []
    for await (const line of all) {
      if (lines.push(line) === 4) break
    }
    expect(lines.filter(ofThread)).toEqual(['正在执行: 2', '正在执行: 3'])
    expect(lines.filter(ofCaller)).toEqual(['主线程不阻塞', '继续运行中...'])
    program.kill()
    expect(await once(program, 'exit')).toEqual([null, 'SIGTERM'])
  })

  test('runCoroutineThreadsafe sees its coroutine print while it blocks, and then goes on at once', async context => {
    const lines = await Array.fromAsync(start('08-run-coroutine-threadsafe', context).lines)
    expect(lines.slice(0, 2)).toEqual(['正在执行: 1', '返回结果:1'])
    expect(lines.slice(2).filter(ofThread)).toEqual(['正在执行: 2', '正在执行: 3'])
    expect(lines.slice(2).filter(ofCaller)).toEqual(['主线程不阻塞', '继续运行中...'])
  })
})
