import asyncio
import itertools
import math


class Deadlock(BaseException):
    """Nothing is ready and no timer is set, but the program has not ended."""


class Endless(BaseException):
    """The loop has taken more turns than it was allowed."""


class VirtualLoop(asyncio.BaseEventLoop):
    """CPython's own loop, with a clock in milliseconds that jumps to the next timer when nothing is ready."""

    def __init__(self, max_turns):
        super().__init__()
        self._now = 0
        self._turns_left = max_turns
        self._task_numbers = itertools.count(1)
        self._selector = self
        self._clock_resolution = math.ulp(0)

    def time(self):
        return self._now

    def select(self, timeout):
        """The loop asks how long it may sleep: once a turn."""
        if timeout is None:
            raise Deadlock
        if self._turns_left == 0:
            raise Endless
        self._turns_left -= 1
        if timeout > 0:
            # Not `+= timeout`, which rounds.
            self._now = self._scheduled[0]._when
            # The loop runs timers that are due before now + resolution: with this one, those due by now.
            self._clock_resolution = math.ulp(self._now)
        return ()

    def create_task(self, coro, *, name=None, **kwargs):
        # By itself CPython counts tasks through all loops; and it does not tell in which order they were made.
        number = next(self._task_numbers)
        task = super().create_task(coro, name=f"Task-{number}" if name is None else name, **kwargs)
        task.creation_number = number
        return task

    def _process_events(self, event_list):
        pass

    def _write_to_self(self):
        pass
