import { coroutine } from '@fosen/coroutine'
import { CancelledError, sleep } from '@fosen/event-loop'
import type { Log } from './same-trace.ts'

/** A child of a TaskGroup in Python, which tells how it ends, and when. */
export const child = `
      async def child(name, ms, error=None):
          try:
              await sleep(ms)
              if error:
                  raise error
              return name
          except CancelledError as error:
              log(name, error)
              raise
          finally:
              log(name, 'ends at', loop.time())
`

/** The same on this side. */
export const childOf = (log: Log, loop: { time(): number }) =>
  coroutine(function* (name: string, ms: number, error?: Error) {
    try {
      yield* sleep(ms)
      if (error) throw error
      return name
    } catch (error) {
      if (error instanceof CancelledError) log(name, error)
      throw error
    } finally {
      log(name, 'ends at', loop.time())
    }
  })
