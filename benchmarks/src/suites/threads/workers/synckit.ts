import { runAsWorker } from 'synckit'
import { functions, type Person } from '../functions.ts'

runAsWorker(async (first: number | Person, second = 0) =>
  typeof first === 'number' ? functions.add(first, second) : functions.grow(first),
)
