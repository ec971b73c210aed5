import { setTimeout } from 'node:timers/promises'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { Job } from '../job.ts'
import { ActionError, actions } from './actions.ts'
import { onlyThisHost, onlyWithToken } from './address-guard.ts'
import type { Asset } from './bundle.ts'
import type { Cursor, Observer } from './observer.ts'

/** How often an open page is told what is new, in milliseconds. */
const interval = 250

export interface Shown {
  readonly job: Job
  readonly observer: Observer
}

export interface AppOptions {
  /** The job; undefined before it has started. */
  readonly shown: () => Shown | undefined
  readonly assets: ReadonlyMap<string, Asset>
  readonly token: string
  /** The port that it is reached by. */
  readonly port: () => number
  /** Ends the streams of events, which say so. */
  readonly signal: AbortSignal
}

const headers = {
  'Content-Security-Policy':
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  // The address has the token.
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
}

/** The server of the page: its files for everybody on this machine, the run itself for who has the token. */
export function makeApp({ shown, assets, token, port, signal }: AppOptions): Hono {
  const app = new Hono()
  app.use(async (context, next) => {
    await next()
    for (const [name, value] of Object.entries(headers)) context.header(name, value)
  })
  app.use(onlyThisHost(port))

  for (const [path, { type, content }] of assets) {
    app.get(path, context => context.body(content, 200, { 'Content-Type': type }))
    app.all(path, context => context.text('Only GET and HEAD.\n', 405, { Allow: 'GET, HEAD' }))
  }

  // Hono answers HEAD by what GET does, and this would tell for ever what nobody reads.
  app.use('/events', async (context, next) => {
    if (context.req.method === 'GET') return next()
    return context.text('Only GET.\n', 405, { Allow: 'GET' })
  })
  app.get('/events', onlyWithToken(token), context => {
    const events = streamSSE(context, async stream => {
      let cursor: Cursor | undefined
      let isOver = false
      // A page that takes its time is told more at a time; of the end after all that was before it.
      while (!isOver && !stream.aborted) {
        isOver = signal.aborted
        const read = shown()?.observer.read(cursor)
        cursor = read?.cursor
        if (read) await stream.writeSSE({ data: JSON.stringify(read.update) })
        if (isOver) await stream.writeSSE({ event: 'end', data: '' })
        else await setTimeout(interval, undefined, { signal }).catch(() => {})
      }
    })
    // The connection ends with them: a server that closes waits for no other request.
    events.headers.set('Connection', 'close')
    return events
  })

  app.post('/actions/:name', onlyWithToken(token), async context => {
    const { name } = context.req.param()
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined
    if (!action) return context.json({ error: `There is no action ${name}.` }, 404)
    const { job } = shown() ?? {}
    if (!job) return context.json({ error: 'The run has not started yet.' }, 503)
    const parameters = await context.req.json().catch(() => undefined)
    if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) {
      return context.json({ error: 'The parameters are an object in JSON.' }, 400)
    }
    try {
      return context.json({ done: await action(job, parameters) })
    } catch (error) {
      return context.json({ error: (error as Error).message }, error instanceof ActionError ? 400 : 502)
    }
  })
  app.all('/actions/:name', context => context.text('Only POST.\n', 405, { Allow: 'POST' }))
  app.notFound(context => context.text('There is nothing here.\n', 404))
  return app
}
