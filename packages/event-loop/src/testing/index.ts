/**
 * A loop whose time a test has in its hands.
 *
 * @module
 */
export { VirtualEventLoop } from './virtual-event-loop.ts'
