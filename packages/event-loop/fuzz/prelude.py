"""What each program begins with: the objects that its tasks share, and what they do with them. As world.ts, on the other side."""

MOST_TASKS = 40

tasks, outers, scopes, groups, handles, callbacks, tokens, contexts = [], [], [], [], [], [], [], []
futures = [loop.create_future() for _ in range(3)]
lock, semaphore, bounded = Lock(), Semaphore(2), BoundedSemaphore(1)
condition = Condition(lock)
event, barrier = Event(), Barrier(2)
queue, priority, lifo = Queue(1), PriorityQueue(2), LifoQueue()
variables = [ContextVar("a", default=0), ContextVar("b", default=0)]
counter = 0


async def main():
    if eager:
        loop.set_task_factory(eager_task_factory)
    for each in bodies:
        spawn("main", each)
    await sleep(100)
    help_out()
    await sleep(1000)
    report()
    for task in all_tasks():
        if task is not current_task():
            task.cancel("end")
    await sleep(1000)
    report()


def help_out():
    """Wakes what may wait for something that no task does."""
    for i, _ in enumerate(futures):
        op("main", "setResult", i, 9)
    op("main", "setFlag")
    for name in ("queue", "priority", "lifo"):
        op("main", "putNowait", name, 9)


def report():
    for i, task in enumerate(tasks):
        log(f"T{i}", state_of(task), task and task.cancelling())
    log("outers", *map(state_of, outers))
    log("futures", *map(state_of, futures))
    log("guards", *(guard.locked() for guard in (lock, semaphore, bounded, condition)))
    log("queues", *(each.qsize() for each in (queue, priority, lifo)))
    log(event.is_set(), barrier.n_waiting, barrier.broken, [handle.cancelled() for handle in handles])


def say(me, *values):
    log(f"T{me}", loop.time(), *values)


# Tasks


def body(steps):
    async def run(me):
        task = current_task()
        task.set_name(f"T{me}")
        tasks[me] = task
        say(me, "starts", task, seen())
        try:
            result = await steps(me)
            say(me, "returns", result)
            return result
        except BaseException as error:
            say(me, "raises", error)
            raise

    return run


def new():
    tasks.append(None)
    return len(tasks) - 1


def spawn(me, make, eager=None, group=None, context=None):
    if len(tasks) >= MOST_TASKS:
        return
    child = new()
    owner = loop if group is None or not groups else at(groups, -1 - group)
    options = {} if eager is None else {"eager_start": eager}
    if context is not None and contexts:
        options["context"] = at(contexts, context)
    try:
        tasks[child] = owner.create_task(make(child), name=f"T{child}", **options)
        say(me, "spawned", tasks[child])
    except RuntimeError as error:
        say(me, "spawn", error)


async def attempt(me, text, awaitable):
    try:
        say(me, text, await awaitable)
    except Exception as error:
        say(me, text, error)


def younger(me, index):
    return at([task for task in tasks[me + 1 :] if task] or futures, index)


def outer(future):
    outers.append(future)
    return future


def schedule(me, callback, when, *args):
    match when:
        case "soon":
            handles.append(loop.call_soon(callback))
        case "later":
            handles.append(loop.call_later(args[0], callback))
        case "at":
            handles.append(loop.call_at(loop.time() + args[0], callback))
        case "done":
            if target := choose(*args):
                target.add_done_callback(callback)
                callbacks.append((target, callback))


def called(me, future=None):
    say(me, "callback", seen(), *([label(future), state_of(future)] if future else []))


def seen():
    return [variable.get() for variable in variables]


# What is logged of futures


def label(future):
    if future in futures:
        return f"f{futures.index(future)}"
    name = future.get_name() if isinstance(future, Task) else ""
    return name if name[1:].isdigit() else "unnamed"


def labels(these):
    return [label(future) for future in these]


def state_of(future):
    if not future:
        return "nobody"
    if not future.done():
        return "pending"
    try:
        return future.result()
    except BaseException as error:
        return error


async def waited(waiting):
    done, pending = await waiting
    return labels(done), labels(pending)


def counted(me, at_least):
    say(me, "looks")
    return counter >= at_least


def at(these, index):
    return these[index % len(these)] if these else None


def choose(kind, index):
    """Counted from the last."""
    return at({"task": tasks, "future": futures, "outer": outers}[kind], -1 - index)


# Steps that are done at once


def op(me, name, *args):
    try:
        result = OPS[name](*args)
    except BaseException as error:
        result = error
    say(me, name, *args, "->", result)


def cancel(kind, index, message):
    target = choose(kind, index)
    return target and target.cancel(message)


def uncancel(index):
    task = choose("task", index)
    return task and task.uncancel()


def cancelling(index):
    task = choose("task", index)
    return task and task.cancelling()


def count():
    global counter
    counter += 1
    return counter


def reschedule(index, delay):
    if scope := at(scopes, index):
        scope.reschedule(None if delay is None else loop.time() + delay)
        return scope.when()


def set_variable(index, value):
    variable = at(variables, index)
    tokens.append(variable.set(value))


def reset_variable(index):
    if token := at(tokens, index):
        token.var.reset(token)


def new_context():
    contexts.append(copy_context())


def remove_callback(index):
    if entry := at(callbacks, index):
        target, callback = entry
        return target.remove_done_callback(callback)


def cancel_handle(index):
    if handle := at(handles, index):
        handle.cancel()


def burst():
    """More timers than a program has otherwise; most of them are cancelled."""
    timers = [loop.call_later(i * 7 % 11, log, "timer", i) for i in range(150)]
    for i, timer in enumerate(timers):
        if i % 25:
            timer.cancel()


def flock():
    """More callbacks than a program has otherwise."""
    for i in range(150):
        loop.call_soon(*((log, "callback", i) if i % 50 == 0 else (int,)))


def who():
    task = current_task()
    return task and label(task), len(all_tasks())


error_classes = (Exception, ValueError, TypeError, RuntimeError, TimeoutError, CancelledError)
ERRORS = {error.__name__: error for error in error_classes}
OPS = {
    "cancel": cancel,
    "uncancel": uncancel,
    "cancelling": cancelling,
    "state": lambda kind, index: state_of(choose(kind, index)),
    "setResult": lambda index, value: at(futures, index).set_result(value),
    "setException": lambda index, error, message: at(futures, index).set_exception(ERRORS[error](message)),
    "release": lambda guard: globals()[guard].release(),
    "locked": lambda guard: globals()[guard].locked(),
    "notify": condition.notify,
    "notifyAll": condition.notify_all,
    "setFlag": event.set,
    "clearFlag": event.clear,
    "count": count,
    "putNowait": lambda name, item: globals()[name].put_nowait(item),
    "getNowait": lambda name: globals()[name].get_nowait(),
    "taskDone": lambda name: globals()[name].task_done(),
    "shutdown": lambda name, immediate: globals()[name].shutdown(immediate),
    "size": lambda name: (globals()[name].qsize(), globals()[name].empty(), globals()[name].full()),
    "barrierState": lambda: (barrier.n_waiting, barrier.broken),
    "reschedule": reschedule,
    "setVariable": set_variable,
    "getVariable": lambda index: at(variables, index).get(),
    "resetVariable": reset_variable,
    "copyContext": new_context,
    "removeCallback": remove_callback,
    "cancelHandle": cancel_handle,
    "burst": burst,
    "flock": flock,
    "who": who,
}
