import type { Suite } from './workload.ts'

/** The suites by name. */
export const suites = {
  consume: async () => (await import('./suites/consume/consume.ts')).consuming(),
  deque: async () => (await import('./suites/deque/deque.ts')).deque(),
  threads: async () => (await import('./suites/threads/threads.ts')).threads(),
  'event-loop': async () => (await import('./suites/event-loop/event-loop.ts')).eventLoop(),
  seed: async () => (await import('./suites/seed/seed.ts')).seed(),
  redis: async () => (await import('./suites/redis/redis.ts')).redis(),
} satisfies Record<string, () => Promise<Suite>>

export type SuiteName = keyof typeof suites

export const suiteNames = Object.keys(suites) as readonly SuiteName[]

export function isSuite(name: string): name is SuiteName {
  return Object.hasOwn(suites, name)
}
