import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { makeOutputFolder } from '../output-folder.ts'
import { runDemo } from '../run-demo.ts'

const few = join(import.meta.dirname, '../../src')
const many = join(import.meta.dirname, '../../../../node_modules')
const { out } = makeOutputFolder()

describe('demo --ui', () => {
  test.each([
    ['a port without a page', ['--port', '8080']],
    ['a port that is none', ['--ui', '--port', '65536']],
  ])('is refused %s: the usage is shown, with exit code 2', async (_, args) => {
    const { code, stderr } = await runDemo([few, '--out', out, ...args])
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^error: .*port.*\n\ndemo \[folder\]/)])
  })

  test('says in one sentence that its port is in use, before any work', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const run = await runDemo([few, '--out', out, '--ui', '--port', `${port}`])
    server.close()
    expect(run).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: port ${port} of 127.0.0.1 is in use: choose another with --port, or leave it out\n`,
    })
  })

  test('shows its summary when the run is done, and stays until it is interrupted', async () => {
    const run = await runDemo([few, '--out', out, '--ui'], {
      interruptAt: /the live page stays until Ctrl-C: http:\S+\n/,
    })
    expect(run).toMatchObject({ code: 0, stdout: expect.stringMatching(/^delivery +expected \d+, .* lost 0$/m) })
  })

  test('is interrupted in the middle as any other run', async () => {
    const run = await runDemo([many, '--out', out, '--ui'], { interruptAt: /\d+ of \d+ files\n/ })
    expect(run).toMatchObject({ code: 130, stderr: expect.stringMatching(/interrupted: [\d,]+ of [\d,]+ files/) })
  })

  test('shows in one process what its threads do, and replaces one that is terminated', async () => {
    let said: unknown
    const run = await runDemo([many, '--limit', '3000', '--threads', '2', '--out', out, '--ui'], {
      async onStart(child) {
        let written = ''
        child.stderr.on('data', piece => {
          written += piece
        })
        const url = await vi.waitFor(() => new URL(/http:\S+/.exec(written)?.[0] ?? ''), { timeout: 20_000 })
        await vi.waitFor(
          async () => {
            const answer = await fetch(new URL(`/actions/kill${url.search}`, url), { method: 'POST', body: '{}' })
            said = await answer.json()
            expect(said).toEqual({ done: expect.stringMatching(/^Killed thread analyse-\d/) })
          },
          { timeout: 20_000 },
        )
      },
      interruptAt: /the live page stays until Ctrl-C/,
    })
    expect(said).toEqual({ done: expect.stringMatching(/^Killed thread analyse-\d/) })
    expect(run.stdout).toMatch(/^delivery +expected 3,000, .* lost 0$/m)
    expect(run.stdout).toMatch(/^killed +1 thread$/m)
  })
})

test('a run without its page loads nothing of it', async () => {
  const env = { NODE_OPTIONS: `--import=${join(import.meta.dirname, '../fixtures/modules-loaded.ts')}` }
  const loaded = async (...args: string[]) => {
    const { stderr } = await runDemo([few, '--out', out, ...args], { env, interruptAt: /stays until Ctrl-C/ })
    return ['vite', 'hono', 'page/open-page.ts', 'pipeline/row.ts', 'csv-stringify'].filter(name =>
      stderr.includes(`/${name}`),
    )
  }
  expect(await loaded()).toEqual(['csv-stringify'])
  expect(await loaded('--ui')).toEqual(['vite', 'hono', 'page/open-page.ts', 'csv-stringify'])
})
