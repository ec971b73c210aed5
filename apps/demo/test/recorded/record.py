"""Records what the programs in src/tour/python print, each in a file beside this one: /usr/bin/python3 record.py

It needs numpy, pandas, redis and a Redis server (Debian: python3-pandas, python3-redis, redis-server) and the port 6379, and
takes a minute. The recordings are of Python 3.11. Each program runs as it is, in a process of its own, with this added:

* each line is written at once and as a whole, also where threads print at the same time
* random.seed(7), for 9
* a Redis server, for 10
* 7, 9 and 10 do not end by themselves: they are stopped when they have printed 4, 10 and 4 lines
"""

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, nullcontext
from pathlib import Path

recorded = Path(__file__).parent
originals = recorded.parents[1] / 'src/tour/python'

run = """
import builtins, random, runpy, sys
builtins.print = lambda *values: sys.stdout.write(' '.join(map(str, values)) + '\\n')
sys.stdout.reconfigure(line_buffering=True)
random.seed(7)
runpy.run_path(sys.argv[1], run_name='__main__')
"""
last_line = {'07': 4, '09': 10, '10': 4}


@contextmanager
def redis_server():
    with subprocess.Popen(['redis-server', '--save', ''], stdout=subprocess.DEVNULL) as server:
        while socket.socket().connect_ex(('127.0.0.1', 6379)):
            time.sleep(0.01)
        yield
        server.terminate()


def lines(program, folder):
    command = [sys.executable, '-c', run, program]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, encoding='utf8') as process:
        for count, line in enumerate(process.stdout, 1):
            yield line
            if count == last_line.get(program[:2]):
                process.kill()


with tempfile.TemporaryDirectory() as folder:
    for original in sorted(originals.glob('*.py')):
        shutil.copy(original, folder)
        with redis_server() if original.name.startswith('10') else nullcontext():
            printed = ''.join(lines(original.name, folder))
        (recorded / f'{original.stem}.txt').write_text(printed, encoding='utf8')
