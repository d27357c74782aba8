"""Run a function over many values: in this process, in processes of this machine, or on a cluster of Dask.

In: a function of a module and its arguments, which can be pickled. Out: the results in the order in which they are
done, each with its argument. Nothing here schedules work: `concurrent.futures` and Dask do. A call whose process was
killed is made again by Dask; on this machine it ends the run, which can be repeated.
"""

import gc
import logging
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Protocol, TypeVar

from sniffer.base.errors import LakeError, SnifferError
from sniffer.base.helper_process import end_with_parent

Argument = TypeVar("Argument")
Outcome = TypeVar("Outcome")

GC_THRESHOLDS = 50_000, 20, 100
"""The thresholds of the garbage collector: rows make many objects and no circles."""

CONNECT_SECONDS = 10


class Workers(Protocol):
    """A runner of a function over many values."""

    def map(
        self, function: Callable[[Argument], Outcome], arguments: Sequence[Argument]
    ) -> Iterator[tuple[Argument, Outcome]]:
        """Yield each argument with its result, as they are done."""
        ...


class LocalWorkers:
    """Processes on this machine, at most `jobs`. One job, or one argument, is done in this process."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs

    def map(
        self, function: Callable[[Argument], Outcome], arguments: Sequence[Argument]
    ) -> Iterator[tuple[Argument, Outcome]]:
        """Yield each argument with its result. Raises `LakeError` if a process was killed."""
        jobs = min(self._jobs, len(arguments))
        if jobs <= 1:
            yield from ((argument, function(argument)) for argument in arguments)
            return
        # A forked process would have the locks of this one's threads.
        executor = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_set_up_process)
        try:
            futures = {executor.submit(function, argument): argument for argument in arguments}
            for future in as_completed(futures):
                yield futures.pop(future), future.result()
        except BrokenProcessPool as error:
            why = "a process was killed, perhaps for want of memory: run it again with fewer --jobs; what is done stays"
            raise LakeError(why) from error
        finally:
            executor.shutdown(wait=True, cancel_futures=True)


class DaskWorkers:
    """The workers of an existing cluster. Raises `LakeError` if there is none at this address."""

    def __init__(self, address: str) -> None:
        from distributed import Client

        # The client warns of a result that was lost with its worker, and has it computed again.
        logging.getLogger("distributed.client").setLevel(logging.ERROR)
        self._address = address
        try:
            self._client = Client(address, timeout=CONNECT_SECONDS)
        except (OSError, ValueError) as error:
            raise LakeError(f"{address}: no Dask scheduler answers: start one with `dask scheduler`") from error

    def map(
        self, function: Callable[[Argument], Outcome], arguments: Sequence[Argument]
    ) -> Iterator[tuple[Argument, Outcome]]:
        """Yield each argument with its result. Raises `LakeError` if the cluster gives up."""
        from distributed import as_completed as dask_as_completed

        futures = self._client.map(function, arguments, pure=False)
        arguments_of = dict(zip((future.key for future in futures), arguments, strict=True))
        try:
            for future in dask_as_completed(futures):
                yield arguments_of[future.key], future.result()
        except SnifferError:
            raise
        except Exception as error:
            raise LakeError(f"{self._address}: the cluster gave up: {' '.join(str(error).split())}") from error
        finally:
            self._client.cancel(futures)

    def close(self) -> None:
        """Leave the cluster."""
        self._client.close()


def count_processors() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _set_up_process() -> None:
    """Let a process of the work end at once at Ctrl-C, and with the process that began it."""
    gc.set_threshold(*GC_THRESHOLDS)
    signal.signal(signal.SIGINT, lambda *_: os._exit(1))
    end_with_parent()
