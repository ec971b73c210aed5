import { EventLoop } from './event-loop.ts'

/**
 * As `new EventLoop()`.
 *
 * @see https://docs.python.org/3/library/asyncio-eventloop.html#asyncio.new_event_loop
 */
export function newEventLoop(): EventLoop {
  return new EventLoop()
}
