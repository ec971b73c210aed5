import { coroutine } from '@fosen/coroutine'
import { portable } from '@fosen/thread-async'

/** What runs in a loop in another thread, which imports this module for it. */
export const echo = coroutine(
  // biome-ignore lint/correctness/useYield: it has nothing to wait for
  portable(import.meta, function* echo(value: number) {
    return value
  }),
)
