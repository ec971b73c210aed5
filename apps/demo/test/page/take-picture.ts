import { mkdtempDisposableSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Browser } from 'playwright-core'
import { startDemo } from './start-demo.ts'

const workspace = resolve(import.meta.dirname, '../../../..')

/** The picture of the README, of the command that stands beside it: a worker has been killed, and another goes on. */
export async function takePicture(browser: Browser): Promise<void> {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'fosen-picture-'))
  const demo = await startDemo(['--workers', '2', '--out', join(folder.path, 'index.csv')])
  const page = await browser.newPage({ viewport: { width: 1200, height: 860 }, colorScheme: 'light' })
  try {
    await page.goto(demo.url)
    await page
      .locator('.figures dd')
      .first()
      .getByText(/^1,\d{3}$/)
      .waitFor()
    await page.getByRole('button', { name: 'Kill a worker', exact: true }).click()
    await page.locator('.processes tr.gone').waitFor()
    await page.locator('.processes tr:not(.gone) td', { hasText: 'ready' }).nth(1).waitFor()
    // Where the clone is that took the picture is of no interest.
    await page.evaluate("document.querySelector('.folder').textContent = '~/fosen/node_modules'")
    await page.screenshot({ path: join(workspace, 'docs/demo.png') })
  } finally {
    await page.close()
    await demo.interrupt()
  }
}
