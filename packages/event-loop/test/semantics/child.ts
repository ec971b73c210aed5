import { coroutine } from '@fosen/coroutine'
import { sleep } from '@fosen/event-loop'
import type { Log } from './same-trace.ts'

/** A child in Python that tells when it has slept. */
export const child = `
      async def child(name, ms, error=None):
          await sleep(ms)
          log(name, 'ends')
          if error:
              raise error
          return name
`

/** The same on this side. */
export const childOf = (log: Log) =>
  coroutine(function* (name: string, ms: number, error?: Error) {
    yield* sleep(ms)
    log(name, 'ends')
    if (error) throw error
    return name
  })
