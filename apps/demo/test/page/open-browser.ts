import { findChromium, launchArguments } from '@fosen/chromium'
import { type Browser, chromium } from 'playwright-core'

const found = await findChromium()

/** What to type to have a browser, where there is none and none could be installed. */
export const missing = found.command

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: found.path ?? '', args: [...launchArguments] })
}
