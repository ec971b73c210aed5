import { aptInstall, type Machine, succeeds, thisMachine } from '@fosen/apt'

/** Either is there. */
export type FoundChromium =
  | { readonly path: string; readonly command?: undefined }
  /** What to type to have one. */
  | { readonly path?: undefined; readonly command: string }

/** Where distributions and macOS have it. */
const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/**
 * Finds a Chromium that runs: the one that CHROMIUM names, else one that stands where it usually does. When there is none
 * it is installed with apt-get, where that is possible and allowed.
 *
 * @returns its path, or what to type to have one
 * @throws Error when CHROMIUM is set to something that does not run
 */
export async function findChromium(machine: Machine = thisMachine): Promise<FoundChromium> {
  const runs = (path: string) => succeeds(machine.run(path, ['--version']))
  const find = async () => {
    for (const path of usual) if (await runs(path)) return path
    return undefined
  }

  const { CHROMIUM } = machine.env
  if (CHROMIUM) {
    if (await runs(CHROMIUM)) return { path: CHROMIUM }
    throw new Error(`CHROMIUM is ${CHROMIUM}, and that does not run`)
  }
  const found = await find()
  if (found !== undefined) return { path: found }
  const command = await aptInstall(['chromium'], 'chromium is missing', machine)
  if (command === undefined) return { command: 'CHROMIUM=/path/to/chromium <your command>' }
  // What Ubuntu installs by this name asks for a snap, and does not run without.
  const path = await find()
  return path === undefined ? { command } : { path }
}
