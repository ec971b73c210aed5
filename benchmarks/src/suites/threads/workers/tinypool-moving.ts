import Tinypool from 'tinypool'
import { functions } from '../functions.ts'

export default (bytes: ArrayBuffer) => Tinypool.move(functions.bump(bytes))
