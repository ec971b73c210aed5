// npm install @fosen/queue @fosen/queue-deque
//
// Mails that go out in the background: some at a time, a busy server is tried again, what cannot be sent is kept, and
// whoever produces faster than that waits.

import { consume } from '@fosen/queue'
import { DequeQueue } from '@fosen/queue-deque'

interface Mail {
  readonly to: string
  readonly text: string
}

class MailboxError extends Error {}

/** Stands for a mail server: it takes Bo's mail at the second attempt, and nobody knows Zoe. */
async function send({ to, text }: Mail, attempt: number, signal: AbortSignal) {
  signal.throwIfAborted()
  if (to === 'Bo' && attempt === 1) throw new MailboxError('busy')
  if (to === 'Zoe') throw new MailboxError('unknown')
  console.log(`to ${to}: ${text} (attempt ${attempt})`)
}

// Ten mails may wait: the next put waits for room. A mail of the same key is put once in a minute.
const queue = new DequeQueue<Mail>({ capacity: 10 })

const consumer = consume(queue, (mail, delivery) => send(mail, delivery.attempt, delivery.signal), {
  concurrency: 4,
  retries: 2,
  backoff: attempt => attempt * 10,
  timeout: 5_000, // aborts the signal
  key: mail => mail.to, // one after the other for each address
  rate: { limit: 100, per: 1_000 },
})

await queue.putMany(['Ann', 'Bo', 'Zoe'].map(to => ({ to, text: 'hello' })))
for (let i = 0; i < 2; i++)
  await queue.put({ to: 'Ann', text: 'news' }, { dedupKey: 'news to Ann', dedupWindow: 60_000 })
await queue.put({ to: 'Ann', text: 'good night' }, { delay: 100 })

await queue.join() // nothing waits, is delayed, or is being handled
for (const { value, attempts, error } of await queue.deadLetters.list()) {
  console.log(`to ${value?.to}: ${error?.message} after ${attempts} attempts`)
}
console.log(await queue.deadLetters.purge(), (await queue.stats()).dead)

const { processed, failed } = consumer.stats()
console.log(`${processed} sent, ${failed} attempts failed`)
await consumer.stop()
await queue.close()

/* prints
to Ann: hello (attempt 1)
to Ann: news (attempt 1)
to Bo: hello (attempt 2)
to Ann: good night (attempt 1)
to Zoe: unknown after 3 attempts
1 0
4 sent, 4 attempts failed
*/
