import { BroadcastChannel, threadName } from 'node:worker_threads'
import { portable } from '@fosen/thread-async'
import type { JobEvent } from '../job.ts'
import { watchChannels } from './watch-channels.ts'

/** Where the threads of this process tell the main one what happens in them. */
const name = 'fosen-demo-events'

/** Has this thread tell the main thread of its process what happens in it: for threads to run before their work. */
export const watchThread = portable(import.meta, function watchThread() {
  const channel = new BroadcastChannel(name)
  channel.unref()
  watchChannels(threadName ?? '', event => channel.postMessage(event))
})

/** Tells what happens in the main thread, and in the threads of this process that watch themselves. */
export function watchProcess(tell: (event: JobEvent) => void): Disposable {
  using watching = new DisposableStack()
  const channel = new BroadcastChannel(name)
  watching.defer(() => channel.close())
  channel.unref()
  channel.onmessage = message => tell((message as MessageEvent).data as JobEvent)
  watching.use(watchChannels('main', tell))
  return watching.move()
}
