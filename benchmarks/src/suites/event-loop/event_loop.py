"""The programs on a loop of the module that the first argument names: a line of JSON asks for one, and a line answers."""
import asyncio
import importlib
import json
import sys
import threading
import tracemalloc
from time import perf_counter

FOREVER = 1000


async def identity(i):
    return i


async def spawn(size):
    return sum(await asyncio.gather(*[identity(i) for i in range(size)]))


async def give_way(turns):
    for _ in range(turns):
        await asyncio.sleep(0)
    return turns


async def give_way_together(size, tasks):
    return sum(await asyncio.gather(*[give_way(size // tasks) for _ in range(tasks)]))


async def pong(size, requests, answers):
    for _ in range(size):
        answers.put_nowait(await requests.get() + 1)


async def ping_pong(size):
    requests, answers = asyncio.Queue(), asyncio.Queue()
    other = asyncio.create_task(pong(size, requests, answers))
    count = 0
    for _ in range(size):
        requests.put_nowait(count)
        count = await answers.get()
    await other
    return count


async def sleeps(size):
    return sum(await asyncio.gather(*[asyncio.sleep(i * 7919 % 50_000 / 1e6, i) for i in range(size)]))


async def callbacks(size):
    loop = asyncio.get_running_loop()
    end = loop.create_future()

    def call(count):
        if count < size:
            loop.call_soon(call, count + 1)
        else:
            end.set_result(count)

    loop.call_soon(call, 1)
    return await end


async def asleep(size):
    tasks = [asyncio.create_task(asyncio.sleep(FOREVER)) for _ in range(size)]
    await asyncio.sleep(0)
    return tasks


async def cancel(size):
    tasks = await asleep(size)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return sum(task.cancelled() for task in tasks)


async def deep_await(size, levels):
    if levels > 1:
        return await deep_await(size, levels - 1)
    return await give_way(size)


async def await_thread(size):
    total = 0
    for i in range(size):
        total += await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(identity(i), thread_loop))
    return total


def block_on_thread(size):
    total = 0
    for i in range(size):
        total += asyncio.run_coroutine_threadsafe(identity(i), thread_loop).result()
    return total


async def bytes_of_sleep(size):
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    tasks = await asleep(size)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return (after - before) / size


PROGRAMS = {
    "spawn": spawn,
    "giveWay": give_way_together,
    "pingPong": ping_pong,
    "sleeps": sleeps,
    "callbacks": callbacks,
    "cancel": cancel,
    "deepAwait": deep_await,
    "awaitThread": await_thread,
    "bytesOfSleep": bytes_of_sleep,
}

# Coroutines that await each other are on the stack together.
sys.setrecursionlimit(10_000)
new_event_loop = importlib.import_module(sys.argv[1]).new_event_loop
thread_loop = new_event_loop()
threading.Thread(target=thread_loop.run_forever, daemon=True).start()
loop = new_event_loop()

for line in sys.stdin:
    name, *args = json.loads(line)
    started = perf_counter()
    if name == "blockOnThread":
        given = block_on_thread(*args)
    else:
        given = loop.run_until_complete(PROGRAMS[name](*args))
    milliseconds = (perf_counter() - started) * 1000
    print(json.dumps({"given": given, "milliseconds": milliseconds}), flush=True)
