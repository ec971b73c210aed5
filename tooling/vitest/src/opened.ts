import type { ChildProcess } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import type { EventEmitter } from 'node:events'
import type { AddressInfo, Server, Socket } from 'node:net'
import type { Worker } from 'node:worker_threads'

/** Something that was opened and is not closed yet. */
export interface Open {
  /** What it is, and the stack of whoever opened it. */
  description: string
  closed: Promise<void>
}

interface Kind<T> {
  isOpen(it: T): boolean
  /** The event by which it says that it is closed. */
  closes: 'exit' | 'close'
  describe(it: T): string
}

const seen: (() => Open | undefined)[] = []

/**
 * The threads, child processes, servers and sockets that this thread opened since this module was imported and that
 * are open at this moment. What other threads open is not seen, nor are timers.
 */
export function stillOpen(): Open[] {
  return seen.map(look => look()).filter(open => open !== undefined)
}

watch<'worker', Worker>('worker_threads', 'worker', {
  isOpen: worker => worker.threadId !== -1,
  closes: 'exit',
  describe: worker => `thread ${worker.threadId}`,
})

watch<'process', ChildProcess>('child_process', 'process', {
  // Without a pid it could not be started.
  isOpen: child => child.pid !== undefined && child.exitCode === null && child.signalCode === null,
  closes: 'exit',
  describe: child => `child process ${child.pid}: ${child.spawnargs.join(' ')}`,
})

watch<'server', Server>('tracing:net.server.listen:asyncEnd', 'server', {
  isOpen: server => server.listening,
  closes: 'close',
  describe: server => `server on ${endpoint(server.address())}`,
})

for (const channel of ['net.client.socket', 'net.server.socket']) {
  watch<'socket', Socket>(channel, 'socket', {
    isOpen: socket => !socket.closed,
    closes: 'close',
    describe: socket => `socket on ${endpoint(socket.address())}`,
  })
}

/** Remembers all that Node announces on `channel`; weakly, so that a test can watch its own things being collected. */
function watch<K extends string, T extends EventEmitter>(channel: string, key: K, kind: Kind<T>): void {
  subscribe(channel, message => {
    const reference = new WeakRef((message as Record<K, T>)[key])
    const { stack } = new Error()
    seen.push(() => {
      const it = reference.deref()
      if (it === undefined || !kind.isOpen(it)) return undefined
      return {
        description: `${kind.describe(it)}${origin(stack)}`,
        closed: new Promise(resolve => it.once(kind.closes, () => resolve())),
      }
    })
  })
}

/** The frames of a stack that are neither Node's, nor a dependency's, nor this file's. */
function origin(stack = ''): string {
  const foreign = ['node:', 'node_modules', '<anonymous>', import.meta.url]
  const [, ...frames] = stack.split('\n')
  return frames
    .filter(frame => !foreign.some(part => frame.includes(part)))
    .map(frame => `\n${frame}`)
    .join('')
}

function endpoint(address: AddressInfo | object | string | null): string {
  if (typeof address === 'string') return address
  return address !== null && 'port' in address ? `port ${address.port}` : 'no port'
}
