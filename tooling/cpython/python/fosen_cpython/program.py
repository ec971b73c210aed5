import json
import textwrap


def run_program(source, argument):
    """What the program's `main` returns; both are JSON."""
    program = {}
    exec(compile(textwrap.dedent(source), "<program>", "exec"), program)
    return json.dumps(program["main"](json.loads(argument)))
