import { type BaseEventLoop, BlockingEventLoop, type Co, EventLoop } from '@fosen/event-loop'
import { VirtualEventLoop } from '@fosen/event-loop/testing'
import type { Form } from './form.ts'

type Work = Co<unknown> | (() => PromiseLike<unknown>)

/** What runs a scenario: an event loop, and in which form it is written. */
export interface Host {
  readonly name: string
  readonly form: Form
  open(): BaseEventLoop & { run(work: Work): unknown }
}

class Blocking extends BlockingEventLoop {
  run(work: Work): unknown {
    return this.runUntilComplete(work as Co<unknown>)
  }
}

class Node extends EventLoop {
  run(work: Work): Promise<unknown> {
    return this.runUntilComplete(work)
  }
}

class Virtual extends VirtualEventLoop {
  run(work: Work): Promise<unknown> {
    return this.runUntilComplete(work)
  }
}

class VirtualSync extends VirtualEventLoop {
  run(work: Work): unknown {
    return this.runUntilCompleteSync(work as Co<unknown>)
  }
}

const asynchronous: readonly Form[] = ['coroutines', 'async functions', 'both in turns']

/** The three hosts, each in all forms that it takes. */
export const hosts: readonly Host[] = [
  { name: 'BlockingEventLoop', form: 'coroutines', open: () => new Blocking() },
  { name: 'VirtualEventLoop, at once', form: 'coroutines', open: () => new VirtualSync() },
  ...asynchronous.map((form): Host => ({ name: 'VirtualEventLoop', form, open: () => new Virtual() })),
  ...asynchronous.map((form): Host => ({ name: 'EventLoop', form, open: () => new Node() })),
]
