import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { freePort } from '@fosen/redis-server'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openPage, type Page } from '../../src/page/open-page.ts'
import type { Update } from '../../src/page/update.ts'
import { FakeJob } from './fake-job.ts'

const job = new FakeJob()
let page: Page
let url: URL
beforeAll(async () => {
  page = await openPage(0)
  page.show(job)
  url = new URL(page.url)
})
afterAll(() => page[Symbol.asyncDispose]())
beforeEach(() => void job.asked.splice(0))

interface Asked {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string
}

interface Acting {
  readonly token?: string | null
  readonly headers?: Record<string, string>
}

/** As `fetch`, which sets some headers as it likes. */
async function ask(path: string, { method = 'GET', headers = {}, body }: Asked = {}) {
  const asking = request(new URL(path, url), { method, headers, agent: false })
  asking.end(body)
  const [answer] = await once(asking, 'response')
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) }
}

const act = (
  name: string,
  parameters: unknown = {},
  { token = url.searchParams.get('token'), headers = {} }: Acting = {},
) => ask(`/actions/${name}?token=${token}`, { method: 'POST', body: JSON.stringify(parameters), headers })

describe('the page', () => {
  test('is on 127.0.0.1 alone, with a long token in its address', () => {
    expect(url.hostname).toBe('127.0.0.1')
    expect(url.searchParams.get('token')).toMatch(/^[\w-]{24}$/)
  })

  test('comes with all its files, and loads nothing from elsewhere', async () => {
    const { status, headers, body } = await ask('/')
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(headers['content-security-policy']).toMatch(/^default-src 'self';/)
    expect(headers['referrer-policy']).toBe('no-referrer')
    const files = [...body.matchAll(/(?:src|href)="([^"]+)"/g)]
      .map(([, path]) => path ?? '')
      .filter(path => path !== 'data:,')
    expect(files.length).toBeGreaterThanOrEqual(2)
    for (const path of files) {
      expect(path).toMatch(/^\/(?!\/)/)
      expect((await ask(path)).status).toBe(200)
    }
    expect((await ask('/', { method: 'HEAD' })).status).toBe(200)
  })

  test('tells of the run as long as it is listened to', async () => {
    const asking = request(new URL(`/events${url.search}`, url), { agent: false }).end()
    const [answer] = await once(asking, 'response')
    expect(answer.headers['content-type']).toBe('text/event-stream')
    let received = ''
    const updates: Update[] = []
    for await (const piece of answer.setEncoding('utf8')) {
      received += piece
      const events = received.split('\n\n')
      received = events.pop() ?? ''
      for (const event of events) updates.push(JSON.parse(event.replace(/^data: /, '')))
      if (updates.length >= 2) break
    }
    expect(updates.map(({ reset, folder }) => [reset, folder])).toEqual([
      [true, '/files'],
      [false, '/files'],
    ])
  })
})

test('whoever listens is told of the end, and the server does not wait for more', async () => {
  const ending = await openPage(0)
  ending.show(job)
  const { search, port } = new URL(ending.url)
  const asking = request(`http://127.0.0.1:${port}/events${search}`, { agent: new Agent({ keepAlive: true }) }).end()
  const [answer] = await once(asking, 'response')
  expect(answer.headers.connection).toBe('close')
  const told = text(answer)
  job.tell({ type: 'worker-exit', pid: 7, at: 0, how: 'code 0' })
  await ending[Symbol.asyncDispose]()
  expect(await told).toMatch(/"kills":\[{[^\n]*\n\nevent: end\ndata: \n\n$/)
})

describe('whoever acts upon the run', () => {
  test.each([
    ['pause', {}, 'pause', /^Paused/],
    ['resume', {}, 'resume', /^Resumed/],
    ['load', {}, ['addLoad', 1000], /^1,000 files more$/],
    ['load', { files: 1 }, ['addLoad', 1], /^1 file more$/],
    ['kill', {}, ['killWorker', undefined], /^Killed worker 7/],
    ['kill', { pid: 8 }, ['killWorker', 8], /^Killed worker 8/],
    ['kill', { pid: 404 }, ['killWorker', 404], /^There is no worker 404 any more$/],
    ['requeue', {}, ['requeue', undefined], /^0 dead letters put back$/],
    ['requeue', { ids: ['1'] }, ['requeue', ['1']], /^1 dead letter put back$/],
  ])('has it %s with %j', async (name, parameters, asked, said) => {
    const { status, body } = await act(name, parameters)
    expect([status, JSON.parse(body)]).toEqual([200, { done: expect.stringMatching(said) }])
    expect(job.asked).toEqual([asked])
  })

  test.each([
    ['load', { files: 0.5 }],
    ['load', { files: -1 }],
    ['load', { files: 100_001 }],
    ['load', { files: '10' }],
    ['kill', { pid: 'all' }],
    ['requeue', { ids: 'all' }],
    ['requeue', { ids: [1] }],
    ['pause', 1],
    ['pause', []],
  ])('is refused %s with %j', async (name, parameters) => {
    const { status, body } = await act(name, parameters)
    expect([status, JSON.parse(body)]).toEqual([400, { error: expect.any(String) }])
    expect(job.asked).toEqual([])
  })

  test('is told when the job cannot do it', async () => {
    const { requeue } = job
    job.requeue = async () => {
      throw new Error('cannot reach Redis')
    }
    const { status, body } = await act('requeue')
    job.requeue = requeue
    expect([status, JSON.parse(body)]).toEqual([502, { error: 'cannot reach Redis' }])
  })

  test.each(['explode', 'constructor', '__proto__'])('is told that there is no action %s', async name => {
    expect((await act(name)).status).toBe(404)
  })
})

describe('the server refuses', () => {
  test.each(['', 'wrong', 'a'.repeat(24)])('acts and events with the token %j', async token => {
    expect((await act('pause', {}, { token })).status).toBe(403)
    expect((await ask(`/events?token=${token}`)).status).toBe(403)
    expect((await ask('/events')).status).toBe(403)
    expect(job.asked).toEqual([])
  })

  test.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1:1', '127.0.0.1.evil.example', 'localhost'])(
    'the host name %s, also with the token',
    async host => {
      const headers = { host }
      expect((await ask('/', { headers })).status).toBe(421)
      expect((await ask(`/events${url.search}`, { headers })).status).toBe(421)
      expect((await act('pause', {}, { headers })).status).toBe(421)
      expect(job.asked).toEqual([])
    },
  )

  test('requests that another site has caused', async () => {
    expect((await act('pause', {}, { headers: { origin: 'http://evil.example' } })).status).toBe(403)
    expect((await act('pause', {}, { headers: { origin: 'null' } })).status).toBe(403)
    expect((await act('pause', {}, { headers: { origin: url.origin } })).status).toBe(200)
  })

  test.each([
    ['/', 'POST', 'GET, HEAD'],
    ['/', 'OPTIONS', 'GET, HEAD'],
    ['/events', 'POST', 'GET'],
    ['/events', 'HEAD', 'GET'],
    ['/actions/pause', 'GET', 'POST'],
    ['/actions/pause', 'PUT', 'POST'],
    ['/actions/pause', 'DELETE', 'POST'],
  ])('for %s the method %s', async (path, method, allow) => {
    const { status, headers } = await ask(`${path}${url.search}`, { method })
    expect([status, headers.allow]).toEqual([405, allow])
    expect(job.asked).toEqual([])
  })

  test('paths that it does not have', async () => {
    for (const path of ['/package.json', '/../package.json', '/%2e%2e/package.json', '/src/main.tsx']) {
      expect((await ask(path)).status).toBe(404)
    }
  })
})

describe('a port', () => {
  test('may be chosen, and be called localhost', async () => {
    const port = await freePort()
    await using chosen = await openPage(port)
    expect(new URL(chosen.url).port).toBe(`${port}`)
    expect((await ask('/', { headers: { host: `localhost:${url.port}` } })).status).toBe(200)
  })

  test('that is in use is refused, in a sentence', async () => {
    await expect(openPage(Number(url.port))).rejects.toThrow(
      `port ${url.port} of 127.0.0.1 is in use: choose another with --port`,
    )
  })
})

test('a page whose run has not started says so to who acts', async () => {
  await using early = await openPage(0)
  const { search } = new URL(early.url)
  const answer = await fetch(new URL(`/actions/pause${search}`, early.url), { method: 'POST', body: '{}' })
  expect([answer.status, await answer.json()]).toEqual([503, { error: 'The run has not started yet.' }])
})
