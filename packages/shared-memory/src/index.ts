export { errorClass } from './error-class.ts'
export { TimeoutError } from './errors.ts'
export { Mutex } from './mutex.ts'
export { receive, type ShareableCodec, type Shared, shareable, shareOf } from './shareable.ts'
