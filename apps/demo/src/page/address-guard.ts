import { timingSafeEqual } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'

/**
 * Refuses what no page of this server sends: requests to another host name, as of a page whose name was rebound to this
 * address, and requests that another site has caused.
 *
 * @param port of the server, once it listens
 */
export function onlyThisHost(port: () => number): MiddlewareHandler {
  return async (context, next) => {
    const hosts = [`127.0.0.1:${port()}`, `localhost:${port()}`]
    const host = context.req.header('host') ?? ''
    if (!hosts.includes(host)) return context.text('This server answers to its own address only.\n', 421)
    const origin = context.req.header('origin')
    if (origin !== undefined && origin !== `http://${host}`) return context.text('Not from another site.\n', 403)
    await next()
  }
}

/** Refuses requests whose URL has not the token. */
export function onlyWithToken(token: string): MiddlewareHandler {
  const expected = Buffer.from(token)
  return async (context, next) => {
    const given = Buffer.from(context.req.query('token') ?? '')
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      return context.json({ error: 'The token is missing or wrong: open the address that the demo has printed.' }, 403)
    }
    await next()
  }
}
