import type { WorkerStats } from '../../src/job.ts'
import type { Kill } from '../../src/page/update.ts'
import type { Act } from './app.tsx'
import { hasEndedWell } from './ended-well.ts'
import { formatClock, formatNumber } from './format.ts'

interface WorkersProps {
  readonly workers: readonly WorkerStats[]
  readonly kills: readonly Kill[]
  readonly onAct: Act
}

/** So many of those that ended are listed. */
const listed = 6

export function Workers({ workers, kills, onAct }: WorkersProps) {
  // The last figures of a run may be older than the news of its end.
  const gone = new Set(kills.map(({ pid }) => pid))
  const alive = workers.filter(({ pid }) => !gone.has(pid))
  return (
    <section class="panel processes" aria-labelledby="workers">
      <h2 id="workers">Processes</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">process</th>
            <th scope="col">state</th>
            <th scope="col" class="number">
              files
            </th>
            <th scope="col">
              <span class="hidden">kill</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {alive.map(({ pid, state, done }) => (
            <tr key={pid}>
              <td class="tabular">{pid}</td>
              <td>
                <span class={`dot ${state}`} />
                {state}
              </td>
              <td class="number">{formatNumber(done)}</td>
              <td class="number">
                <button
                  type="button"
                  class="small danger"
                  aria-label={`Kill ${pid}`}
                  onClick={() => onAct('kill', { pid })}
                >
                  Kill
                </button>
              </td>
            </tr>
          ))}
          {kills
            .slice(-listed)
            .reverse()
            .map(kill => ({ ...kill, isWell: hasEndedWell(kill) }))
            .map(({ pid, at, how, isWell }) => (
              <tr key={`${pid} ${at}`} class="gone">
                <td class="tabular">{pid}</td>
                <td>
                  <span class={`dot ${isWell ? 'ended' : 'gone'}`} />
                  {isWell ? 'ended' : how}
                </td>
                <td class="number">at {formatClock(at)}</td>
                <td />
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  )
}
