import type { Update } from '../../src/page/update.ts'

const token = new URLSearchParams(location.search).get('token') ?? ''
const query = `?token=${encodeURIComponent(token)}`

export interface Listener {
  readonly onUpdate: (update: Update) => void
  readonly onConnection: (isThere: boolean) => void
}

/** Hears what the server tells; ends when it is called. A connection that breaks is made again. */
export function listen({ onUpdate, onConnection }: Listener): () => void {
  const source = new EventSource(`/events${query}`)
  source.onopen = () => onConnection(true)
  source.onerror = () => onConnection(false)
  source.onmessage = ({ data }) => onUpdate(JSON.parse(data))
  return () => source.close()
}

/**
 * Has something done.
 *
 * @returns what was done, as a sentence
 * @throws Error with a sentence that says why not
 */
export async function act(name: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const answer = await fetch(`/actions/${name}${query}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(parameters),
  }).catch(() => {
    throw new Error('The demo does not answer: it has ended, or is about to')
  })
  const { done, error } = await answer.json()
  if (!answer.ok) throw new Error(error)
  return done
}
