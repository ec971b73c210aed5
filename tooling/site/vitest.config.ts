export { default } from '@fosen/vitest'
