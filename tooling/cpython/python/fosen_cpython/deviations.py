"""The two orders that CPython leaves open, made definite as fosen promises them."""

import asyncio
import contextlib
import inspect
import itertools
import textwrap
from asyncio import events, taskgroups, tasks
from collections.abc import MutableSet
from math import inf


class OrderedSet(MutableSet):
    """A set that is gone through in the order of insertion."""

    def __init__(self, values=()):
        self._values = dict.fromkeys(values)

    def __contains__(self, value):
        return value in self._values

    def __iter__(self):
        return iter(self._values)

    def __len__(self):
        return len(self._values)

    def add(self, value):
        self._values[value] = None

    def discard(self, value):
        self._values.pop(value, None)

    def clear(self):
        self._values.clear()


class FifoTimerHandle(events.TimerHandle):
    """Among timers of one time, the one that was set first comes first."""

    _numbers = itertools.count()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._number = next(self._numbers)

    def __lt__(self, other):
        return (self._when, self._number) < (other._when, other._number)


def _all_tasks(loop=None, *, unordered=tasks.all_tasks):
    # A task is numbered when its eager first step is over.
    return OrderedSet(sorted(unordered(loop), key=lambda task: getattr(task, "creation_number", inf)))


def _with_ordered_comprehension(method):
    """The method, with its set comprehension made a call of `set`, which can be patched."""
    source = textwrap.dedent(inspect.getsource(method))
    comprehension = "{ensure_future(aw, loop=loop) for aw in set(aws)}"
    assert comprehension in source
    scope = {}
    exec(source.replace(comprehension, f"set({comprehension[1:-1]})"), vars(tasks), scope)
    return scope[method.__name__]


_MISSING = object()
_PATCHES = (
    (events, "TimerHandle", FifoTimerHandle),
    (taskgroups, "set", OrderedSet),
    (tasks, "set", OrderedSet),
    (tasks, "all_tasks", _all_tasks),
    (asyncio, "all_tasks", _all_tasks),
    (tasks._AsCompletedIterator, "__init__", _with_ordered_comprehension(tasks._AsCompletedIterator.__init__)),
)


@contextlib.contextmanager
def promised_deviations():
    """Timers of one time are FIFO; TaskGroup, wait, as_completed and all_tasks go through tasks in order of insertion."""
    before = [(owner, name, vars(owner).get(name, _MISSING)) for owner, name, _ in _PATCHES]
    for owner, name, value in _PATCHES:
        setattr(owner, name, value)
    try:
        yield
    finally:
        for owner, name, value in before:
            if value is _MISSING:
                delattr(owner, name)
            else:
                setattr(owner, name, value)
