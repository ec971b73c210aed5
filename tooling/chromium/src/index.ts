export { type FoundChromium, findChromium } from './find-chromium.ts'
export { launchArguments } from './launch-arguments.ts'
