import type { JobStats } from '../../src/job.ts'
import type { Act } from './app.tsx'

interface ControlsProps {
  readonly stats: JobStats | undefined
  readonly onAct: Act
}

export function Controls({ stats, onAct }: ControlsProps) {
  const isPaused = stats?.queue.paused ?? false
  const isOff = !stats || stats.phase === 'ended'
  return (
    <fieldset class="controls" aria-label="The run">
      <button type="button" disabled={isOff} onClick={() => onAct(isPaused ? 'resume' : 'pause')}>
        {isPaused ? 'Resume' : 'Pause'}
      </button>
      <button type="button" disabled={isOff} onClick={() => onAct('load')}>
        Add load
      </button>
      <button type="button" class="danger" disabled={isOff} onClick={() => onAct('kill')}>
        Kill a worker
      </button>
    </fieldset>
  )
}
