export { Deque } from './deque.ts'
export { DequeQueue, type DequeQueueOptions } from './deque-queue.ts'
