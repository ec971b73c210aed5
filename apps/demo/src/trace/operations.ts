import type { TaskTrace } from '@fosen/event-loop'
import type { QueueTrace } from '@fosen/queue'
import type { RunTrace } from '@fosen/thread-async'
import type { OperationEvent } from '../job.ts'

type Description = Pick<OperationEvent, 'name' | 'file' | 'attempt' | 'messages'>

/** The tracing channels that are watched, and what a trace says of its operation: at the start, and more at the end. */
export const channels: Readonly<Record<string, (trace: never) => Description>> = {
  'fosen:queue:send': describeQueue,
  'fosen:queue:process': describeQueue,
  'fosen:thread-async:run': ({ name, args: [file] }: RunTrace) => ({ name, ...(typeof file === 'string' && { file }) }),
  'fosen:event-loop:task': ({ task }: TaskTrace) => ({ name: task.getName() }),
}

function describeQueue({ attributes, deliveries }: QueueTrace): Description {
  const messages = 'messaging.message.id' in attributes ? 1 : attributes['messaging.batch.message_count']
  const [delivery] = deliveries ?? []
  const { path } = Object(delivery?.value)
  return {
    name: `${attributes['messaging.operation.name']}`,
    ...(typeof messages === 'number' && { messages }),
    ...(typeof path === 'string' && delivery && { file: path, attempt: delivery.attempt }),
  }
}
