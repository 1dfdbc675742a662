"""One side of a pair: a process that does a batch of one operation when told to, and says what it cost.

It runs in our environment and in the peers', so it needs the standard library only.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping

Operation = Callable[[int], Callable[[], object]]


def serve(operations: Mapping[str, Operation]) -> None:
    """Read lines of `NAME COUNT`; answer each with a line of JSON: seconds an operation, by the wall and of CPU.

    An operation prepares COUNT messages and returns what sends them; only that is timed.
    """
    for line in sys.stdin:
        name, count = line.split()
        run = operations[name](int(count))
        wall, cpu = time.perf_counter(), time.process_time()
        run()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        sys.stdout.write(json.dumps({"wall": wall / int(count), "cpu": cpu / int(count)}) + "\n")
        sys.stdout.flush()
