import type { Update } from '../../src/page/update.ts'

const token = new URLSearchParams(location.search).get('token') ?? ''
const query = `?token=${encodeURIComponent(token)}`

/**
 * How the server is heard: it is `lost` while it does not answer, and asked again; it has `ended` when it has said so; and
 * the page is `refused` by who has its address, and does not know its token, or is another server.
 */
export type Connection = 'open' | 'lost' | 'ended' | 'refused'

export interface Listener {
  readonly onUpdate: (update: Update) => void
  readonly onConnection: (connection: Connection) => void
}

/** Hears what the server tells, until what is given back is called. */
export function listen({ onUpdate, onConnection }: Listener): () => void {
  const source = new EventSource(`/events${query}`)
  source.onopen = () => onConnection('open')
  source.onerror = () => onConnection(source.readyState === EventSource.CLOSED ? 'refused' : 'lost')
  source.onmessage = ({ data }) => onUpdate(JSON.parse(data))
  source.addEventListener('end', () => {
    // Whoever has the address next is not to be asked, nor to see the token.
    source.close()
    onConnection('ended')
  })
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
  const { done, error } = await answer.json().catch(() => {
    throw new Error('Another server answers: the demo has ended')
  })
  if (!answer.ok) throw new Error(error)
  return done
}
