import type { Route } from 'playwright-core'
import { expect, test } from 'vitest'
import { Observer } from '../../src/page/observer.ts'
import { openPage } from '../../src/page/open-page.ts'
import { FakeJob } from './fake-job.ts'
import { missing, openBrowser } from './open-browser.ts'

test.skipIf(missing !== undefined)('a page says why it hears nothing, and asks only who may be its demo', async () => {
  await using served = await openPage(0)
  await using browser = await openBrowser()
  using observer = new Observer(new FakeJob())
  await observer.takeSample()
  const { update } = observer.read(undefined)
  const stream = (...events: string[]) => ({ contentType: 'text/event-stream', body: `retry: 50\n${events.join('')}` })
  const news = `data: ${JSON.stringify(update)}\n\n`
  const page = await browser.newPage()
  const asked: Route[] = []
  /** What is answered to the next time that the page asks for events. */
  const next = async () => {
    await expect.poll(() => asked.length, { timeout: 20_000 }).toBe(1)
    return asked.pop() as Route
  }
  await page.route('**/events*', route => void asked.push(route))
  const acts: Route[] = []
  await page.route('**/actions/**', route => void acts.push(route))

  await page.goto(served.url)
  await (await next()).fulfill(stream(news))
  await page.getByText('The demo does not answer').waitFor()
  await (await next()).abort()
  await page.getByText('The demo does not answer').waitFor()
  await (await next()).fulfill({ status: 404 })
  await page.getByText('another server has its address').waitFor()
  await page.locator('.phase').getByText('ended').waitFor()
  expect(await page.getByRole('button', { name: 'Pause' }).isDisabled()).toBe(true)

  await page.reload()
  await (await next()).fulfill({ status: 403 })
  await page.getByText('The address is wrong, or an old one').waitFor()

  await page.reload()
  await (await next()).fulfill(stream(news, 'event: end\ndata:\n\n'))
  await page.getByText('The demo has ended').waitFor()
  await page.getByRole('button', { name: 'Kill 7' }).click()
  await page.getByRole('status').getByText('The demo has ended').waitFor()
  expect([asked, acts]).toEqual([[], []])
})
