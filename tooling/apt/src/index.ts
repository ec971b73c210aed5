export { aptInstall } from './apt-install.ts'
export { type Machine, succeeds, thisMachine } from './machine.ts'
