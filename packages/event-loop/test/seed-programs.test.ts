import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'

// The programs that Python's users know asyncio by, and what CPython prints for them: as far as the order is determined.
let program: ChildProcess
afterEach(() => program.kill('SIGKILL'))

const start = (name: string) => {
  program = spawn(process.execPath, [fileURLToPath(new URL(`fixtures/seed/${name}.ts`, import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return createInterface({ input: program.stdout as NodeJS.ReadableStream })
}
const ofThread = (line: string) => line.startsWith('正在执行')
const ofCaller = (line: string) => !ofThread(line)

describe('a program of', () => {
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
