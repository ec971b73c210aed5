import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/**
 * The configuration of every suite: tests run as the modules they are, on Node's own loader, so that what a thread
 * imports is what the test imported; and a suite fails when it leaves a thread, a child process or a listener behind.
 */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    experimental: { viteModuleRunner: false },
    setupFiles: [fileURLToPath(new URL('leftovers.ts', import.meta.url))],
    reporters: ['default', ['json', { outputFile: '.reports/vitest.json' }]],
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
})
