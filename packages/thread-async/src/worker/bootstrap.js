// What a thread starts with. Plain JavaScript under one name in src and in dist, so that both start it alike; the
// package refers to itself, which finds the TypeScript of the one and the JavaScript of the other.
import { serveCalls } from '@fosen/thread-async/worker'

serveCalls()
