import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Job } from '../job.ts'
import { makeApp, type Shown } from './app.ts'
import { bundlePage } from './bundle.ts'
import { Observer } from './observer.ts'

/** How long open pages have to hear of the end, in milliseconds. */
const farewell = 500

/** The live page of a job. */
export interface Page extends AsyncDisposable {
  /** Where it is: its token lets whoever has it watch the run, and act upon it. */
  readonly url: string
  /** Shows a job, from now on; there is one job to a page. */
  show(job: Job): void
}

/**
 * Opens the live page of a job that is to start: it listens on 127.0.0.1, until it is disposed of.
 *
 * @param port 0 for any that is free
 * @throws Error when the port cannot be had, with one sentence that says why
 */
export async function openPage(port: number): Promise<Page> {
  const token = randomBytes(18).toString('base64url')
  const end = new AbortController()
  let shown: Shown | undefined
  const address = () => server.address() as AddressInfo
  const app = makeApp({
    assets: await bundlePage(),
    token,
    shown: () => shown,
    port: () => address().port,
    signal: end.signal,
  })
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  } catch (error) {
    throw new Error(whyNot(error as NodeJS.ErrnoException, port), { cause: error })
  }
  return {
    url: `http://127.0.0.1:${address().port}/?token=${token}`,
    show(job) {
      shown = { job, observer: new Observer(job) }
    },
    async [Symbol.asyncDispose]() {
      end.abort()
      shown?.observer[Symbol.dispose]()
      const closed = once(server, 'close')
      server.close()
      const late = setTimeout(() => server.closeAllConnections(), farewell)
      await closed
      clearTimeout(late)
    },
  }
}

function whyNot({ code }: NodeJS.ErrnoException, port: number): string {
  if (code === 'EADDRINUSE') return `port ${port} of 127.0.0.1 is in use: choose another with --port, or leave it out`
  if (code === 'EACCES')
    return `port ${port} of 127.0.0.1 is not yours to listen on: choose one from 1024 on with --port`
  return `cannot listen on port ${port} of 127.0.0.1: ${code}`
}
