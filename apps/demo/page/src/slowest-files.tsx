import type { SlowFile } from '../../src/page/update.ts'
import { FileName } from './file-name.tsx'
import { formatDuration } from './format.ts'

export function SlowestFiles({ files }: { readonly files: readonly SlowFile[] }) {
  const most = files[0]?.duration ?? 1
  return (
    <section class="panel" aria-labelledby="slowest">
      <h2 id="slowest">Slowest files</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">file</th>
            <th scope="col" class="number">
              in a thread
            </th>
            <th scope="col" class="number">
              attempt
            </th>
            <th scope="col" class="number wide">
              process
            </th>
          </tr>
        </thead>
        <tbody>
          {files.map(({ file, duration, attempt, pid }) => (
            <tr key={file}>
              <td>
                <FileName path={file} />
                <meter aria-label="compared with the slowest" max={most} value={duration} />
              </td>
              <td class="number">{formatDuration(duration)}</td>
              <td class="number">{attempt}</td>
              <td class="number wide">{pid}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {files.length === 0 && <p class="empty">No file is done yet.</p>}
    </section>
  )
}
