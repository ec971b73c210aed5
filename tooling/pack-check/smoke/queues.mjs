import assert from 'node:assert/strict'
import { consume } from '@fosen/queue'
import { Deque, DequeQueue } from '@fosen/queue-deque'

export async function useQueues() {
  const deque = new Deque(['Bo'])
  deque.append('Cy')
  deque.appendLeft('Ann')
  assert.deepEqual([deque.popLeft(), deque.pop(), ...deque], ['Ann', 'Cy', 'Bo'])

  const queue = new DequeQueue()
  const handled = []
  const handle = async (name, { attempt }) => {
    if (name === 'Bo' && attempt === 1) throw new Error('busy')
    handled.push(`${name} ${attempt}`)
  }
  const consumer = consume(queue, handle, { backoff: () => 0 })
  await queue.putMany(['Ann', 'Bo'])
  await queue.join()
  await consumer.stop()
  await queue.close()
  assert.deepEqual(handled, ['Ann 1', 'Bo 2'])
  assert.deepEqual(consumer.stats(), { running: 0, waiting: 0, processed: 2, failed: 1, abandoned: 0 })
}
