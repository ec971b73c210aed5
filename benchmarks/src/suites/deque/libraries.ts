import { Deque as DatastructuresDeque } from '@datastructures-js/deque'
import { Deque } from '@fosen/queue-deque'
import Denque from 'denque'
import DoubleEndedQueue from 'double-ended-queue'
import { Deque as SdslDeque } from 'js-sdsl'
import { type Library, stride } from './library.ts'

// Each loop is written out: one that they share would be compiled for all of them, and for none.

export const fosen: Library = {
  name: 'fosen',
  hold(size) {
    const deque = new Deque<number>()
    for (let i = 0; i < size; i++) deque.append(1)
    return {
      pass(count) {
        let sum = 0
        for (let i = 0; i < count; i++) {
          deque.append(1)
          sum += deque.popLeft() as number
        }
        return sum
      },
      read(count) {
        let sum = 0
        for (let i = 0, index = 0; i < count; i++, index = (index + stride) & (size - 1))
          sum += deque.at(index) as number
        return sum
      },
      iterate() {
        let sum = 0
        for (const item of deque) sum += item
        return sum
      },
    }
  },
  burst(size) {
    const deque = new Deque<number>()
    for (let i = 0; i < size; i++) deque.append(1)
    let sum = 0
    for (let i = 0; i < size; i++) sum += deque.popLeft() as number
    return sum
  },
}

export const denque: Library = {
  name: 'denque',
  hold(size) {
    const deque = new Denque<number>()
    for (let i = 0; i < size; i++) deque.push(1)
    return {
      pass(count) {
        let sum = 0
        for (let i = 0; i < count; i++) {
          deque.push(1)
          sum += deque.shift() as number
        }
        return sum
      },
      read(count) {
        let sum = 0
        for (let i = 0, index = 0; i < count; i++, index = (index + stride) & (size - 1))
          sum += deque.get(index) as number
        return sum
      },
    }
  },
  burst(size) {
    const deque = new Denque<number>()
    for (let i = 0; i < size; i++) deque.push(1)
    let sum = 0
    for (let i = 0; i < size; i++) sum += deque.shift() as number
    return sum
  },
}

export const doubleEndedQueue: Library = {
  name: 'double-ended-queue',
  hold(size) {
    const deque = new DoubleEndedQueue<number>()
    for (let i = 0; i < size; i++) deque.push(1)
    return {
      pass(count) {
        let sum = 0
        for (let i = 0; i < count; i++) {
          deque.push(1)
          sum += deque.shift() as number
        }
        return sum
      },
      read(count) {
        let sum = 0
        for (let i = 0, index = 0; i < count; i++, index = (index + stride) & (size - 1))
          sum += deque.get(index) as number
        return sum
      },
    }
  },
  burst(size) {
    const deque = new DoubleEndedQueue<number>()
    for (let i = 0; i < size; i++) deque.push(1)
    let sum = 0
    for (let i = 0; i < size; i++) sum += deque.shift() as number
    return sum
  },
}

export const sdsl: Library = {
  name: 'js-sdsl',
  hold(size) {
    const deque = new SdslDeque<number>()
    for (let i = 0; i < size; i++) deque.pushBack(1)
    return {
      pass(count) {
        let sum = 0
        for (let i = 0; i < count; i++) {
          deque.pushBack(1)
          sum += deque.popFront() as number
        }
        return sum
      },
      read(count) {
        let sum = 0
        for (let i = 0, index = 0; i < count; i++, index = (index + stride) & (size - 1))
          sum += deque.getElementByPos(index)
        return sum
      },
      iterate() {
        let sum = 0
        for (const item of deque) sum += item
        return sum
      },
    }
  },
  burst(size) {
    const deque = new SdslDeque<number>()
    for (let i = 0; i < size; i++) deque.pushBack(1)
    let sum = 0
    for (let i = 0; i < size; i++) sum += deque.popFront() as number
    return sum
  },
}

export const datastructures: Library = {
  name: '@datastructures-js/deque',
  hold(size) {
    const deque = new DatastructuresDeque<number>()
    for (let i = 0; i < size; i++) deque.pushBack(1)
    return {
      pass(count) {
        let sum = 0
        for (let i = 0; i < count; i++) {
          deque.pushBack(1)
          sum += deque.popFront() as number
        }
        return sum
      },
    }
  },
  burst(size) {
    const deque = new DatastructuresDeque<number>()
    for (let i = 0; i < size; i++) deque.pushBack(1)
    let sum = 0
    for (let i = 0; i < size; i++) sum += deque.popFront() as number
    return sum
  },
}

export const array: Library = {
  name: 'Array',
  hold(size) {
    const deque: number[] = []
    for (let i = 0; i < size; i++) deque.push(1)
    return {
      pass(count) {
        let sum = 0
        for (let i = 0; i < count; i++) {
          deque.push(1)
          sum += deque.shift() as number
        }
        return sum
      },
      read(count) {
        let sum = 0
        for (let i = 0, index = 0; i < count; i++, index = (index + stride) & (size - 1)) sum += deque[index] as number
        return sum
      },
      iterate() {
        let sum = 0
        for (const item of deque) sum += item
        return sum
      },
    }
  },
  burst(size) {
    const deque: number[] = []
    for (let i = 0; i < size; i++) deque.push(1)
    let sum = 0
    for (let i = 0; i < size; i++) sum += deque.shift() as number
    return sum
  },
}
