"""The programs on collections.deque: a line of JSON asks for one, with a size and a count, and a line answers."""
import functools
import json
import sys
import tracemalloc
from collections import deque
from time import perf_counter

STRIDE = 7919


@functools.cache
def hold(size):
    return deque([1] * size)


def pass_through(held, count):
    append, popleft = held.append, held.popleft
    total = 0
    for _ in range(count):
        append(1)
        total += popleft()
    return total


def read(held, count):
    total = index = 0
    mask = len(held) - 1
    for _ in range(count):
        total += held[index]
        index = (index + STRIDE) & mask
    return total


def iterate(held, _):
    total = 0
    for item in held:
        total += item
    return total


def burst(held, _):
    d = deque()
    append, popleft = d.append, d.popleft
    total = 0
    for _ in range(len(held)):
        append(1)
    for _ in range(len(held)):
        total += popleft()
    return total


def bytes_held(held, _):
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    copy = deque(held)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (after - before) / len(copy)


PROGRAMS = {"pass": pass_through, "read": read, "iterate": iterate, "burst": burst, "bytes": bytes_held}

for line in sys.stdin:
    name, size, count = json.loads(line)
    held = hold(size)
    started = perf_counter()
    given = PROGRAMS[name](held, count)
    milliseconds = (perf_counter() - started) * 1000
    print(json.dumps({"given": given, "milliseconds": milliseconds}), flush=True)
