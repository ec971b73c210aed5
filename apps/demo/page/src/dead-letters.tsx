import type { DeadFile } from '../../src/job.ts'
import type { Act } from './app.tsx'
import { FileName } from './file-name.tsx'
import { formatNumber } from './format.ts'

interface DeadLettersProps {
  readonly letters: readonly DeadFile[]
  /** How many there are; not all of them may be listed. */
  readonly count: number
  readonly onAct: Act
}

export function DeadLetters({ letters, count, onAct }: DeadLettersProps) {
  return (
    <section class="panel" aria-labelledby="dead">
      <div class="heading">
        <h2 id="dead">Dead letters {count > 0 && <span class="count">{formatNumber(count)}</span>}</h2>
        <button type="button" class="small" disabled={count === 0} onClick={() => onAct('requeue')}>
          Requeue all
        </button>
      </div>
      {letters.length > 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is to be scrolled with the keyboard
        <section class="scroll" tabIndex={0} aria-label="List of dead letters">
          <table>
            <thead>
              <tr>
                <th scope="col">file</th>
                <th scope="col" class="number">
                  attempts
                </th>
                <th scope="col">
                  <span class="hidden">requeue</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {letters.map(({ id, path, attempts, error }) => (
                <tr key={id}>
                  <td>
                    <FileName path={path} />
                    <span class="why">{error}</span>
                  </td>
                  <td class="number">{attempts}</td>
                  <td class="number">
                    <button
                      type="button"
                      class="small"
                      aria-label={`Requeue ${path}`}
                      onClick={() => onAct('requeue', { ids: [id] })}
                    >
                      Requeue
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : (
        <p class="empty">No message was given up.</p>
      )}
    </section>
  )
}
