import { RedisQueue } from '@fosen/queue-redis'
import type { Message } from '../pipeline/row.ts'
import { Workshop } from '../pipeline/workshop.ts'
import { EventHub } from '../trace/event-hub.ts'
import { watchProcess } from '../trace/watch-thread.ts'
import type { FromWorker, RowMessage, ToWorker, WorkerTask } from './messages.ts'

/** How long after a worker has died its messages come back, in milliseconds. */
const lease = 5_000

interface Started {
  mend(): void
  stop(deadline: number | undefined): Promise<void>
}

/** Works off the queue of files, and puts their rows into the queue of rows. */
async function start({ url, files, rows, retries, ...task }: WorkerTask): Promise<Started> {
  await using opened = new AsyncDisposableStack()
  const queue = opened.use(new RedisQueue<Message>(files, { url, lease }))
  const results = opened.use(new RedisQueue<RowMessage>(rows, { url }))
  await Promise.all([queue.stats(), results.stats()])
  const hub = opened.use(new EventHub())
  if (task.watched) {
    hub.watch(events => tell({ type: 'events', events }))
    opened.use(watchProcess(event => hub.tell(event)))
  }
  const { pid } = process
  const workshop = opened.use(
    new Workshop(queue, {
      ...task,
      retries: retries ?? Infinity,
      deliver: ({ path: _, ...message }, row) => results.put({ message, row, pid }),
    }),
  )
  const all = opened.move()
  return {
    mend: () => workshop.mend(),
    async stop(deadline) {
      const threads = await workshop.stop({ deadline })
      await all.disposeAsync()
      leave({ type: 'ended', threads })
    },
  }
}

function tell(message: FromWorker) {
  // The parent may have gone meanwhile.
  if (process.connected) process.send?.(message, () => {})
}

function leave(message: FromWorker) {
  process.send?.(message, () => process.disconnect())
}

let started: Promise<Started> | undefined
// They may reach every process of a terminal or a service: the parent says what is to be done then.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {})
// Without a parent nobody wants what is done here.
process.on('disconnect', () => process.exit())
process.on('message', async (message: ToWorker) => {
  try {
    if (message.type === 'start') {
      started = start(message.task)
      await started
      tell({ type: 'ready' })
    } else if (message.type === 'mend') {
      const worker = await started
      worker?.mend()
    } else {
      const worker = await started
      await worker?.stop(message.deadline)
    }
  } catch (error) {
    leave({ type: 'failed', reason: (error as Error).message })
  }
})
