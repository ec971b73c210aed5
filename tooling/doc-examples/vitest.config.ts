import { availableParallelism } from 'node:os'
import shared from '@fosen/vitest'
import { defineConfig, mergeConfig } from 'vitest/config'

// Examples are processes, each in a folder of its own.
export default mergeConfig(shared, defineConfig({ test: { maxConcurrency: availableParallelism() } }))
