export { VirtualEventLoop } from './virtual-event-loop.ts'
