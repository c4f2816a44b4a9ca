"""A few processes with everything imported and nothing open, which fork a child for each job."""

import gc
import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from typing import Generic, TypeVar

J = TypeVar("J")
SECONDS = 90
"""After so long, a child that hangs is ended by its own alarm."""


@dataclass(frozen=True, slots=True)
class Result(Generic[J]):
    """What came of a job: nothing, or what is wrong."""

    job: J
    found: list[str]


class ForkedTwiceError(Exception):
    """A process that is about to fork has more than one thread."""


def forked(do: Callable[[], None], complaints: Path) -> int:
    """Do something in a child of its own, and return its exit code, or minus the signal that ended it.

    What it has to complain about goes into a file.
    """
    if threading.active_count() > 1:
        raise ForkedTwiceError
    child = os.fork()
    if child == 0:
        _be_a_child(do, complaints)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _be_a_child(do: Callable[[], None], complaints: Path) -> None:
    code = 1
    try:
        signal.alarm(SECONDS)
        do()
        code = 0
    except BaseException:  # noqa: BLE001 -- whatever it was, the parent's code must not go on in here
        with suppress(OSError):
            complaints.write_text(traceback.format_exc())
    finally:
        os._exit(code)


def run_all(jobs: Sequence[J], do: Callable[[J], list[str]], workers: int) -> Iterator[Result[J]]:
    """Share the jobs among so many processes, which start now, and return each job's result as it comes."""
    gc.collect()
    gc.freeze()
    sys.stdout.flush()
    for thread in set(threading.enumerate()) - {threading.current_thread()}:
        thread.join(timeout=5)  # a progress bar's, on its way out
    return _results(jobs, [_worker(range(first, len(jobs), workers), jobs, do) for first in range(workers)])


def _results(jobs: Sequence[J], working: Sequence[tuple[Connection, int]]) -> Iterator[Result[J]]:
    try:
        yield from _received(jobs, [receiver for receiver, _ in working])
    finally:
        for receiver, child in working:
            receiver.close()
            os.waitpid(child, 0)


def _received(jobs: Sequence[J], receivers: Sequence[Connection]) -> Iterator[Result[J]]:
    open_ones = set(receivers)
    while open_ones:
        for receiver in wait(list(open_ones)):
            assert isinstance(receiver, Connection)
            try:
                number, found = json.loads(receiver.recv_bytes())
            except EOFError:
                open_ones.discard(receiver)
            else:
                yield Result(jobs[number], found)


def _worker(numbers: range, jobs: Sequence[J], do: Callable[[J], list[str]]) -> tuple[Connection, int]:
    receiver, sender = Pipe(duplex=False)
    if threading.active_count() > 1:
        raise ForkedTwiceError
    child = os.fork()
    if child:
        sender.close()
        return receiver, child
    receiver.close()
    with closing(sender), suppress(BrokenPipeError, KeyboardInterrupt):
        for number in numbers:
            sender.send_bytes(json.dumps((number, _found(do, jobs[number]))).encode())
    os._exit(0)


def _found(do: Callable[[J], list[str]], job: J) -> list[str]:
    try:
        return do(job)
    except Exception:  # noqa: BLE001 -- a worker's edge: its other jobs go on
        return [traceback.format_exc()]
