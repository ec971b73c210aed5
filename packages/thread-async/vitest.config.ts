import shared from '@fosen/vitest'
import { defineConfig, mergeConfig } from 'vitest/config'

/** Suites to which it makes no difference whether threads look before they sleep; the others are run both ways. */
const indifferent = [
  '*-interleavings',
  'call-memory',
  'caller-stack',
  'dead-owner',
  'deadline',
  'environments',
  'error-*',
  'portable',
  'soak',
  'thread',
  'uncloneable',
]

const sleepingAtOnce = {
  name: 'FOSEN_SPIN=0',
  env: { FOSEN_SPIN: '0' },
  exclude: indifferent.map(name => `test/${name}.test.ts`),
}

export default mergeConfig(
  shared,
  defineConfig({
    test: {
      projects: [
        { extends: true, test: { name: 'spinning' } },
        { extends: true, test: sleepingAtOnce },
      ],
    },
  }),
)
