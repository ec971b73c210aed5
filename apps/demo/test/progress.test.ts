import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { showProgress } from '../src/report/progress.ts'

test('the bar leaves the terminal when the run is interrupted, and does not come back', async () => {
  const terminal = Object.assign(new PassThrough(), { isTTY: true })
  const controller = new AbortController()
  const progress = showProgress(terminal as unknown as NodeJS.WriteStream, controller.signal)
  progress.update({ found: 2, done: 1 })
  controller.abort()
  terminal.write('interrupted')
  progress.update({ found: 2, done: 2 })
  progress.stop()
  terminal.end()
  const written = await text(terminal)
  // Cursor and line wrap are on again, and the cursor is moved no more.
  expect(written).toContain('\u001b[?25l')
  expect(written.endsWith('\u001b[?25h\u001b[?7h\u001b8\ninterrupted')).toBe(true)
})
