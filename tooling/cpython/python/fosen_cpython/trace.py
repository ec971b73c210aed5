"""How a trace is written: by the rules of src/trace.ts, line for line."""

import asyncio
import re
from collections.abc import Mapping, Set


class Trace:
    def __init__(self):
        self.lines = []

    def log(self, *values):
        self.lines.append(" ".join(map(show, values)))

    def on_exception(self, _loop, context):
        """The loop's exception handler."""
        message = context["message"]
        if message.endswith(("exception was never retrieved", "was destroyed but it is pending!")):
            return  # Told by finalizers, in their own time.
        message = re.sub(r"<.*>", "…", re.sub(r"^(Exception in callback).*", r"\1", message, flags=re.DOTALL))
        self.log("exception handler:", message, *([context["exception"]] if "exception" in context else []))


def show(value):
    match value:
        case str():
            return value
        case bool() | None:
            return repr(value)
        case float() if value.is_integer():
            return str(int(value))
        case asyncio.Task():
            return value.get_name()
        case asyncio.Future():
            return "Future"
        case BaseExceptionGroup():
            return f"{type(value).__name__}({value.message}: {_join(value.exceptions)})"
        case BaseException():
            return f"{type(value).__name__}({value})"
        case Mapping():
            return "{" + ", ".join(f"{show(key)}: {show(each)}" for key, each in value.items()) + "}"
        case list() | tuple() | Set():
            return f"[{_join(value)}]"
        case int() | float():
            return str(value)
        case _:
            return type(value).__name__


def _join(values):
    return ", ".join(map(show, values))
