import { setImmediate, setTimeout } from 'node:timers/promises'
import { afterAll } from 'vitest'
import { stillOpen } from './opened.ts'

/** How long what is closing when the last hook has run may take to be closed, in milliseconds. */
const grace = 2_000

const warnings: string[] = []
process.on('warning', warning => {
  if (warning.name === 'MaxListenersExceededWarning') warnings.push(`${warning.name}: ${warning.message}`)
})
const listenersBefore = processListeners()
const portsBefore = messagePorts()

// Registered before the hooks of the test file, and therefore run after them.
afterAll(async () => {
  const closed = Promise.all(stillOpen().map(open => open.closed))
  await Promise.race([closed, setTimeout(grace, undefined, { ref: false })])
  // A warning is emitted one tick after its cause, and a port is gone one tick after its close().
  await setImmediate()
  const left = [...stillOpen().map(open => open.description), ...addedListeners(), ...addedPorts(), ...warnings]
  if (left.length > 0) throw new Error(`this test file leaves behind:\n${left.join('\n')}`)
})

interface Listener {
  event: string | symbol
  // biome-ignore lint/complexity/noBannedTypes: it is compared and printed, never called
  call: Function
}

function processListeners(): Listener[] {
  const emitter: NodeJS.EventEmitter = process
  return emitter.eventNames().flatMap(event => emitter.listeners(event).map(call => ({ event, call })))
}

function addedListeners(): string[] {
  const before = [...listenersBefore]
  const added = processListeners().filter(({ event, call }) => {
    const index = before.findIndex(it => it.event === event && it.call === call)
    if (index >= 0) before.splice(index, 1)
    return index < 0
  })
  return added.map(({ event, call }) => `listener of process for '${String(event)}': ${firstLine(call)}`)
}

function firstLine(value: unknown): string {
  return String(value).split('\n', 1).join()
}

/** How many message ports keep the process alive. */
function messagePorts(): number {
  return process.getActiveResourcesInfo().filter(kind => kind === 'MessagePort').length
}

function addedPorts(): string[] {
  const added = messagePorts() - portsBefore
  return added > 0 ? [`message ports that keep the process alive: ${added}`] : []
}
