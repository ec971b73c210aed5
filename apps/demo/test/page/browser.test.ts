import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { parse } from 'csv-parse/sync'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { makeOutputFolder } from '../output-folder.ts'
import { toNumber } from '../to-number.ts'
import { missing, openBrowser } from './open-browser.ts'
import { type RunningDemo, startDemo } from './start-demo.ts'
import { takePicture } from './take-picture.ts'

const folder = resolve(import.meta.dirname, '../../../../node_modules')
const screenshots = resolve(import.meta.dirname, '../../.screenshots')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const files = 1500
/** How long the run may take to come to a state, in milliseconds: other work may share the machine. */
const patience = { timeout: 60_000, interval: 100 }

const { base, out } = makeOutputFolder()

// The tests are steps of one visit, in this order.
describe.skipIf(missing !== undefined)(
  `the page${missing === undefined ? '' : `; for its browser, type: ${missing}`}`,
  () => {
    let demo: RunningDemo
    let browser: Browser
    let page: Page
    const complaints: string[] = []

    beforeAll(async () => {
      const args = [folder, '--workers', '2', '--limit', `${files}`, '--fail', 'LICENSE', '--out', out]
      ;[demo, browser] = await Promise.all([startDemo(args), openBrowser()])
      page = await browser.newPage({ viewport: { width: 1440, height: 1000 }, colorScheme: 'light' })
      page.on('console', message => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
      })
      page.on('pageerror', error => complaints.push(error.message))
      await page.goto(demo.url)
    })
    afterAll(async () => {
      if (process.env.FOSEN_DEMO_IMAGE) await takePicture(browser)
      await browser?.close()
      await demo?.interrupt()
    }, 60_000)

    /** A number of the strip of figures. */
    const figure = async (name: string) => {
      const shown = page.locator('.figures div', { has: page.getByText(name, { exact: true }) }).locator('dd')
      return toNumber((await shown.textContent()) ?? '')
    }
    const button = (name: string) => page.getByRole('button', { name, exact: true })
    const phase = () => page.locator('.phase').textContent()
    const workers = async () =>
      (await page.locator('.processes tr:not(.gone) td:first-child').allTextContents()).map(text => Number(text))

    test('shows how the run goes on, in numbers and in curves', async () => {
      const curves = () =>
        page
          .locator('.plot canvas')
          .evaluateAll(all => all.map(it => (it as unknown as { toDataURL(): string }).toDataURL()))
      await vi.waitFor(async () => expect(await figure('done')).toBeGreaterThan(0), patience)
      const [done, before] = [await figure('done'), await curves()]
      expect(before).toHaveLength(3)
      await button('Add load').click()
      await vi.waitFor(async () => {
        expect(await figure('done')).toBeGreaterThan(done)
        const after = await curves()
        expect(after.filter((curve, i) => curve === before[i])).toEqual([])
      }, patience)
      expect(await figure('files/s')).toBeGreaterThan(0)
    })

    test('kills a worker, which is replaced', async () => {
      await vi.waitFor(async () => expect(await workers()).toHaveLength(2), patience)
      const [victim = 0, other] = await workers()
      await button(`Kill ${victim}`).click()
      await vi.waitFor(() => expect(() => process.kill(victim, 0)).toThrow('ESRCH'), patience)
      await page
        .locator('.processes tr.gone', { hasText: `${victim}` })
        .getByText('SIGKILL')
        .waitFor()
      await vi.waitFor(async () => {
        const now = await workers()
        expect(now).toHaveLength(2)
        expect(now).toContain(other)
        expect(now).not.toContain(victim)
      }, patience)
    })

    test('comes to the end of the run, with nothing lost', async () => {
      await vi.waitFor(async () => expect(await phase()).toBe('idle'), patience)
      await vi.waitFor(() => expect(demo.written().stdout).toMatch(/^index /m), patience)
      expect(demo.written().stdout).toMatch(/^delivery +expected 1,500, .*, lost 0$/m)
      expect(demo.written().stdout).toMatch(/^killed +1 worker$/m)
    })

    test('has dead letters tried again, one or all', async () => {
      const dead = await figure('dead')
      expect(dead).toBeGreaterThan(1)
      expect(await figure('done')).toBe((await figure('found')) - dead)
      await page
        .getByRole('button', { name: /^Requeue \S*LICENSE/ })
        .first()
        .click()
      await page.getByRole('status').getByText('1 dead letter put back').waitFor()
      await vi.waitFor(async () => expect(await figure('dead')).toBe(dead - 1), patience)
      await button('Requeue all').click()
      await vi.waitFor(async () => expect(await figure('dead')).toBe(0), patience)
      await vi.waitFor(async () => expect(await figure('done')).toBe(await figure('found')), patience)
      await page.getByText('No message was given up.').waitFor()
    })

    test('pauses, and goes on', async () => {
      await button('Pause').click()
      await vi.waitFor(async () => expect(await phase()).toBe('paused'), patience)
      const [done, found] = [await figure('done'), await figure('found')]
      await button('Add load').click()
      await vi.waitFor(async () => expect(await figure('waiting')).toBe(1000), patience)
      expect(await figure('done')).toBe(done)
      await button('Resume').click()
      await vi.waitFor(async () => expect(await figure('done')).toBe(found + 1000), patience)
    })

    test('shows of a task the file, how long it took, and which attempt it was', async () => {
      await button('Whole run').click()
      const canvas = page.locator('.lanes canvas')
      await canvas.scrollIntoViewIfNeeded()
      const { x, y, width, height } = (await canvas.boundingBox()) as {
        x: number
        y: number
        width: number
        height: number
      }
      const tip = page.locator('.tip')
      // Somewhere in a lane stands something.
      for (let at = 0; at < 400 && !(await tip.isVisible()); at++) {
        await page.mouse.move(x + width * (0.3 + 0.6 * ((at * 0.618) % 1)), y + 40 + ((at * 7) % (height - 40)))
      }
      expect(await tip.textContent()).toMatch(
        /(put into the queue|task of the loop|call in a thread) · .*(µs|ms| s|:\d\d) · at \d+:\d\d\.\d{3}/,
      )
      await page.mouse.move(0, 0)
      await vi.waitFor(async () => expect(await tip.isVisible()).toBe(false), patience)
    })

    test('is used with the keyboard alone', async () => {
      await page.locator('.lanes canvas').focus()
      const tip = page.locator('.tip')
      for (let lane = 0; lane < 6 && !/task of the loop/.test(await textOf(tip)); lane++)
        await page.keyboard.press('ArrowDown')
      expect(await tip.textContent()).toMatch(/\wtask of the loop · .* · attempt \d+/)
      const first = await tip.textContent()
      await page.keyboard.press('<')
      await vi.waitFor(async () => expect(await tip.textContent()).not.toBe(first), patience)
      for (const key of ['+', '+', 'ArrowLeft', '-', 'End', 'Escape']) await page.keyboard.press(key)
      expect(await button('Follow').getAttribute('aria-pressed')).toBe('true')
      expect(await tip.isVisible()).toBe(false)

      await page.locator('body').press('Tab')
      const reached = new Set<string>()
      for (let i = 0; i < 12; i++) {
        reached.add(await page.evaluate<string>('document.activeElement.textContent'))
        await page.keyboard.press('Tab')
      }
      for (const name of ['Pause', 'Add load', 'Kill a worker', 'Whole run', 'Follow']) expect(reached).toContain(name)
    })

    test('changes its theme, and keeps that', async () => {
      const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
      const light = await background()
      await button('Use the dark theme').click()
      const dark = await background()
      expect(dark).not.toBe(light)
      await page.reload()
      await page.locator('.figures').waitFor()
      expect(await background()).toBe(dark)
      await button('Use the light theme').click()
      expect(await background()).toBe(light)
    })

    test.each([
      ['light', 1440],
      ['dark', 1440],
      ['light', 360],
      ['dark', 360],
    ] as const)('can be read by everybody, %s and %i pixels wide', async (colorScheme, width) => {
      const other = await browser.newPage({ colorScheme, viewport: { width, height: 900 } })
      await other.goto(demo.url)
      await other.locator('.figures').waitFor()
      await vi.waitFor(
        async () => expect(await other.locator('.processes tbody tr').count()).toBeGreaterThan(1),
        patience,
      )
      expect(await other.evaluate('document.documentElement.scrollWidth')).toBe(width)
      // The policy of the page forbids scripts that are added to it: this one is of the test.
      await other.evaluate(axe)
      const violations = await other.evaluate(async () => {
        const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run()
        return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html }) => html).join(' ')}`)
      })
      expect(violations.filter(violation => /^(serious|critical)/.test(violation))).toEqual([])
      await other.screenshot({ path: join(screenshots, `${colorScheme}-${width}.png`), fullPage: true })
      await other.close()
    })

    test('says nothing on the console', () => {
      expect(complaints).toEqual([])
    })

    test('says so when the demo has ended, which Ctrl-C does with the index written anew', async () => {
      expect(await demo.interrupt()).toBe(0)
      await page.getByText('The demo has ended: this is how things were.').waitFor()
      const processes = await page.locator('.processes td:first-child').allTextContents()
      expect(processes).toEqual([...new Set(processes)])
      const rows: Record<string, string>[] = parse(readFileSync(join(base, 'index.csv')), { columns: true })
      expect(rows).toHaveLength(files)
      expect(rows.filter(({ path, error }) => path?.includes('LICENSE') && error !== '')).toEqual([])
    })
  },
)

const textOf = async (tip: ReturnType<Page['locator']>) =>
  (await tip.textContent({ timeout: 500 }).catch(() => null)) ?? ''

interface Axe {
  run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>
}
