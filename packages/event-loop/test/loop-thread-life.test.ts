import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { LoopThread, RuntimeError, runCoroutineThreadsafe } from '@fosen/event-loop'
import { WorkerCrashedError } from '@fosen/thread-async'
import { describe, expect } from 'vitest'
import { append, count, crash, leaveChild, waitForEver, whereAmI } from './fixtures/coroutines.ts'
import { counted } from './fixtures/counted.ts'
import { hang } from './fixtures/hang.ts'
import { appendSlowly } from './fixtures/slow.ts'
import { test } from './with-loop-thread.ts'

const run = promisify(execFile)
const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}.ts`, import.meta.url))

describe('LoopThread', () => {
  test('starts when it is used, and ends when it is stopped', async ({ thread }) => {
    expect(thread.isAlive()).toBe(false)
    expect(thread.start().isAlive()).toBe(true)
    await runCoroutineThreadsafe(whereAmI('work'), thread)
    expect(thread.utilization()).toBeGreaterThan(0)
    thread.stop()
    await thread.join()
    expect(thread.isAlive()).toBe(false)
  })

  test('cancels what is not done when it is stopped, and lets it clean up', async ({ thread, cells }) => {
    const future = runCoroutineThreadsafe(waitForEver(cells), thread)
    await counted(cells, 0, 1)
    thread.stop()
    await expect(future).rejects.toMatchObject({ name: 'CancelledError' })
    expect(future.cancelled()).toBe(true)
    await thread.join()
    expect(Atomics.load(cells, 1)).toBe(1)
  })

  test('cancels the tasks that were made over there when it is stopped, too', async ({ thread, cells }) => {
    await runCoroutineThreadsafe(leaveChild(cells), thread)
    await thread.close()
    expect(Atomics.load(cells, 1)).toBe(1)
  })

  test('stops behind what was sent before, which runs in the order of sending', async ({ thread }) => {
    const order = new Int32Array(new SharedArrayBuffer(16))
    thread.callSoonThreadsafe(append, order, 1)
    thread.callSoonThreadsafe(appendSlowly, order, 2)
    thread.callSoonThreadsafe(append, order, 3)
    await thread.close()
    expect([...order]).toEqual([3, 1, 2, 3])
  })

  test('does not wait for a module whose import never ends', async ({ thread }) => {
    const [hanging, behind] = [hang(), whereAmI('behind')].map(coro => runCoroutineThreadsafe(coro, thread))
    await thread.close()
    expect([hanging?.cancelled(), behind?.cancelled()]).toEqual([true, true])
  })

  test('refuses what comes after stop, started or not', async ({ thread, cells }) => {
    thread.stop()
    expect(() => runCoroutineThreadsafe(whereAmI('late'), thread)).toThrow(RuntimeError)
    await using other = new LoopThread().start()
    other.stop()
    expect(() => other.callSoonThreadsafe(count, cells, 0)).toThrow('was stopped')
  })

  test('fails its coroutines and its join when it crashes', async ({ thread, cells }) => {
    const waiting = runCoroutineThreadsafe(waitForEver(cells), thread)
    await expect(runCoroutineThreadsafe(crash(), thread)).rejects.toThrow(WorkerCrashedError)
    await expect(waiting).rejects.toThrow(WorkerCrashedError)
    await expect(thread.close()).rejects.toThrow('the loop of thread test has crashed')
    const late = () => runCoroutineThreadsafe(whereAmI('late'), thread)
    expect(late).toThrow(expect.objectContaining({ name: 'RuntimeError', cause: expect.any(WorkerCrashedError) }))
    expect(late).toThrow('has crashed')
  })

  test('keeps the process alive until it is stopped', async () => {
    const child = execFile(process.execPath, [fixture('daemon')])
    const exit = once(child, 'exit')
    let printed = ''
    for await (const chunk of child.stdout ?? []) {
      printed += chunk
      if (String(chunk).includes('alive')) child.kill('SIGUSR2')
    }
    expect(await exit).toEqual([0, null])
    expect(printed).toBe('work in loop-1\nalive\nstopping\n')
  })

  test.each([
    [[], ''],
    [['close'], 'closed\n'],
    [['join'], 'joined\n'],
  ])('as a daemon keeps the process alive only for who waits: %j', async (then, printed) => {
    const { stdout } = await run(process.execPath, [fixture('daemon'), 'daemon', ...then])
    expect(stdout).toBe(`work in loop-1\n${printed}`)
  })

  test('lets no crash go unseen: the process fails, unless somebody joins', async () => {
    const failed = await run(process.execPath, [fixture('crash')]).catch(error => error)
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('the thread died of this') })
    const { stdout } = await run(process.execPath, [fixture('crash'), 'join'])
    expect(stdout).toBe('WorkerCrashedError: the loop of thread loop has crashed, Error: the thread died of this\n')
  })

  test('prints at once, also while the thread that waits for it is blocked', async () => {
    const child = execFile(process.execPath, [fixture('prints-while-blocked')])
    const printed = [child.stdout, child.stderr].map(stream => stream && once(stream, 'data'))
    expect(await Promise.all(printed)).toEqual([['to stdout\n'], ['to stderr\n']])
    child.kill('SIGKILL')
    await once(child, 'exit')
  })

  test('tells of a callback that fails, and of one whose module cannot be imported', async () => {
    const { stderr } = await run(process.execPath, [fixture('bad-callback')])
    expect(stderr).toContain('Exception in callback throws Error: thrown over there')
    expect(stderr).toContain('Exception in callback bad Error: not to be imported')
  })
})
