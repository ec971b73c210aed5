import { useCallback, useEffect, useState } from 'preact/hooks'
import type { JobStats } from '../../src/job.ts'
import { Charts } from './charts.tsx'
import { Controls } from './controls.tsx'
import { DeadLetters } from './dead-letters.tsx'
import { Figures } from './figures.tsx'
import { addUpdate, type Model } from './model.ts'
import { act, type Connection, listen } from './server.ts'
import { SlowestFiles } from './slowest-files.tsx'
import { useTheme } from './theme.ts'
import { Timeline } from './timeline.tsx'
import { Workers } from './workers.tsx'

/** How long a message is shown, in milliseconds. */
const shownFor = 6000

/** Has the server do something, and says what came of it. */
export type Act = (name: string, parameters?: Readonly<Record<string, unknown>>) => Promise<void>

export function App() {
  const [model, setModel] = useState<Model>()
  const [connection, setConnection] = useState<Connection>('open')
  const [message, say] = useState<{ text: string; isError: boolean }>()
  const [theme, toggleTheme] = useTheme()

  useEffect(
    () =>
      listen({
        onUpdate: update => setModel(model => addUpdate(model, update, performance.now())),
        onConnection: setConnection,
      }),
    [],
  )
  useEffect(() => {
    const timer = setTimeout(say, shownFor, undefined)
    return () => clearTimeout(timer)
  }, [message])
  // Whoever has the address then is not to be asked, and the last figures may be older than the end.
  const isOver = connection === 'ended' || connection === 'refused'
  const onAct: Act = useCallback(
    async (name, parameters) => {
      try {
        if (isOver) throw new Error('The demo has ended')
        say({ text: await act(name, parameters), isError: false })
      } catch (error) {
        say({ text: (error as Error).message, isError: true })
      }
    },
    [isOver],
  )

  const told = model?.latest.stats
  const stats = told && isOver ? { ...told, phase: 'ended' as const } : told
  return (
    <>
      <header class="top">
        <h1>
          <Mark /> fosen <span>demo</span>
        </h1>
        {stats && <Phase stats={stats} />}
        <p class="folder" title={model?.latest.folder}>
          {model?.latest.folder}
        </p>
        <Controls stats={stats} onAct={onAct} />
        <button
          type="button"
          class="quiet"
          onClick={toggleTheme}
          aria-label={`Use the ${theme === 'dark' ? 'light' : 'dark'} theme`}
        >
          {theme === 'dark' ? '☀' : '☾'}
        </button>
      </header>
      {connection !== 'open' && <p class="banner">{describe(connection, model !== undefined)}</p>}
      {model?.latest.problem !== undefined && <p class="banner">No figures: {model.latest.problem}</p>}
      <main>
        {model && (
          <>
            <Figures model={model} />
            <Charts model={model} theme={theme} />
            <Timeline model={model} isHeard={connection === 'open'} theme={theme} />
            <div class="tables">
              <SlowestFiles files={model.latest.slowest} />
              <DeadLetters letters={model.latest.dead} count={stats?.queue.dead ?? 0} onAct={onAct} />
              <Workers workers={stats?.workers ?? []} kills={model.latest.kills} onAct={onAct} />
            </div>
          </>
        )}
      </main>
      <p class={`message ${message?.isError ? 'error' : ''}`} role="status">
        {message?.text}
      </p>
    </>
  )
}

/** @param wasHeard whether the server has told something before */
function describe(connection: Exclude<Connection, 'open'>, wasHeard: boolean): string {
  if (connection === 'ended') return 'The demo has ended: this is how things were.'
  if (connection === 'lost') return 'The demo does not answer; when it does, the page goes on.'
  return wasHeard
    ? 'The demo has ended, and another server has its address.'
    : 'The address is wrong, or an old one: open the one that the demo has printed.'
}

function Mark() {
  return (
    <svg viewBox="0 0 16 16" width="20" height="20" aria-hidden="true">
      <rect width="16" height="16" rx="4" fill="var(--mark)" />
      <path d="M3 5h6M5 8h8M3 11h4" stroke="#fff" stroke-width="1.6" stroke-linecap="round" />
    </svg>
  )
}

function Phase({ stats: { phase, queue } }: { readonly stats: JobStats }) {
  // While the folder is walked there is work, too.
  const shown = queue.paused ? 'paused' : phase === 'walking' ? 'working' : phase
  return <p class={`phase ${shown}`}>{shown}</p>
}
