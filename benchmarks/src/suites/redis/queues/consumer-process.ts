// A process that consumes: started with the name of a library and a URL, it answers each message it is sent.
import type { ReadyConsumer } from './library.ts'
import { openQueue } from './open-queue.ts'

export type ToConsumer = 'connect' | 'start' | 'stop'
/** Ready, or how many messages were handled since it last said so. */
export type FromConsumer = 'ready' | number

/** How often it says how many, in milliseconds. */
const interval = 2

const [name = '', url = '', concurrency = ''] = process.argv.slice(2)
const queue = await openQueue(name, url)
let consumer: ReadyConsumer
let handled = 0
let isToReport = false

const send = (message: FromConsumer) => process.send?.(message)
const report = () => {
  isToReport = false
  send(handled)
  handled = 0
}
const handler = async () => {
  handled++
  if (isToReport) return
  isToReport = true
  setTimeout(report, interval)
}

process.on('disconnect', () => process.exit())
process.on('message', async (message: ToConsumer) => {
  if (message === 'start') void consumer.handle(Infinity, handler)
  else if (message === 'stop') await consumer.close()
  else consumer = await queue.consumer(Number(concurrency))
  send('ready')
})
send('ready')
