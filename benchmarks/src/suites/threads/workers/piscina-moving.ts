import { move } from 'piscina'
import { functions } from '../functions.ts'

export default (bytes: ArrayBuffer) => move(functions.bump(bytes))
