import asyncio
import contextlib
import contextvars
import functools
import gc
import json
import logging
import sys
import textwrap
import warnings

from .deviations import promised_deviations
from .trace import Trace
from .virtual_loop import Deadlock, Endless, VirtualLoop


def prepare():
    """Sets the interpreter up, once: nothing but traces tells what a program does."""
    asyncio._set_running_loop(None)  # Pyodide's own.
    sys.unraisablehook = lambda _: None
    warnings.simplefilter("ignore")
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    # Cycles are collected between programs: when they are is no part of a trace. What is here now stays for good.
    gc.disable()
    gc.freeze()


def run(source, prelude, with_deviations, max_turns):
    """The lines of the trace, as JSON."""
    try:
        with promised_deviations() if with_deviations else contextlib.nullcontext():
            return json.dumps(contextvars.Context().run(_run, source, prelude, max_turns))
    finally:
        gc.collect()


def _run(source, prelude, max_turns):
    trace = Trace()
    loop = VirtualLoop(max_turns)
    loop.set_exception_handler(trace.on_exception)
    program = _names() | {"log": trace.log, "loop": loop}
    try:
        exec(_compiled_prelude(prelude), program)
        exec(_compiled(source, "<scenario>"), program)
        _run_main(program["main"](), loop, trace)
        return list(trace.lines)
    finally:
        _discard(loop)


def _compiled(source, name):
    return compile(textwrap.dedent(source), name, "exec")


@functools.lru_cache(maxsize=16)
def _compiled_prelude(source):
    return _compiled(source, "<prelude>")


def _run_main(main, loop, trace):
    try:
        trace.log("main returned", loop.run_until_complete(main))
    except Deadlock:
        trace.log("main waits for ever")
    except Endless:
        trace.log("main does not end")
    except BaseException as error:
        trace.log("main raised", error)


def _discard(loop):
    """Ends what the program has left, while nobody looks and before another loop runs."""
    left = asyncio.all_tasks(loop)
    loop.close()
    # What a `finally` starts is refused by this loop, and would be run by Pyodide's.
    asyncio._set_running_loop(loop)
    for task in left:
        task._log_destroy_pending = False
        with contextlib.suppress(BaseException):
            task.get_coro().close()
    asyncio._set_running_loop(None)


def _names():
    names = {name: getattr(asyncio, name) for name in asyncio.__all__}
    return names | {
        "asyncio": asyncio,
        "ContextVar": contextvars.ContextVar,
        "copy_context": contextvars.copy_context,
    }
