import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const fixture = fileURLToPath(new URL('fixtures/interrupted.ts', import.meta.url))

/** Runs the program, and sends it Ctrl-C each time it prints one of `cues`. */
async function interrupt(kind: string, ...cues: string[]) {
  const child = execFile(process.execPath, [fixture, kind])
  const output = { out: '', error: '' }
  child.stderr?.on('data', chunk => {
    output.error += chunk
  })
  child.stdout?.on('data', chunk => {
    output.out += chunk
    while (cues[0] !== undefined && output.out.includes(cues[0])) {
      cues.shift()
      child.kill('SIGINT')
    }
  })
  const [code, signal] = await once(child, 'close')
  return { lines: output.out.trim().split('\n'), error: output.error, code, signal }
}

describe('Ctrl-C', () => {
  test('cancels the coroutine, which cleans up, and is thrown', async () => {
    expect(await interrupt('raises', 'waiting')).toMatchObject({
      lines: ['waiting', 'cancelled', 'cleaned up', 'KeyboardInterrupt', 'listeners 0'],
      code: 0,
    })
  })

  test('fails a program that does not catch it', async () => {
    const { code, error } = await interrupt('uncaught', 'waiting')
    expect([code, error]).toEqual([1, expect.stringContaining('KeyboardInterrupt')])
  })

  test('cancels all that run at the same time', async () => {
    const { lines } = await interrupt('two', 'waiting\nwaiting')
    const twice = ['waiting', 'cancelled', 'cleaned up'].flatMap(line => [line, line])
    expect(lines).toEqual([...twice, 'listeners 0'])
  })

  test('can be swallowed by the coroutine', async () => {
    const { lines } = await interrupt('swallows', 'waiting')
    expect(lines).toEqual(['waiting', 'cancelled', 'cleaned up', 'swallowed', 'listeners 0'])
  })

  test('gives way to a cancellation that was asked for otherwise', async () => {
    const { lines } = await interrupt('twice', 'waiting')
    expect(lines.slice(-2)).toEqual([expect.stringContaining('CancelledError'), 'listeners 0'])
  })

  test('a second time ends the process', async () => {
    const { lines, signal } = await interrupt('stubborn', 'waiting', 'cancelled')
    expect([lines, signal]).toEqual([['waiting', 'cancelled'], 'SIGINT'])
  })

  test('is left to a program that listens for it', async () => {
    expect(await interrupt('listens', 'waiting')).toMatchObject({ lines: ['waiting'], code: 7 })
  })
})
