// What a thread starts with. Plain JavaScript, so that it has one name in src and in dist.
import { serveCalls } from './serve-calls.ts'

serveCalls()
