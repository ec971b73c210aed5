export { Deque, type DequeOptions } from './deque.ts'
export { DequeQueue, type DequeQueueOptions } from './deque-queue.ts'
export { RuntimeError } from './errors.ts'
