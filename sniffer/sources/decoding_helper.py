"""A second process that finds and decodes frames for a source which reads a large capture.

In: a definition, then batches. Out: their decoded runs, as futures of asyncio. While the process starts, `is_ready` is
False and the caller decodes by itself, so that a helper costs no time. One is enough: what is left to the caller, the
state of the charger, takes longer than decoding.

The process ignores Ctrl-C, as the caller ends it, and ends by itself when the caller is gone. It is started anew and
not forked: the caller may have threads.
"""

import asyncio
import gc
import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

from sniffer.base.helper_process import end_with_parent
from sniffer.core.protocol.definition import Definition
from sniffer.formats.pcapng.batch_decoder import BatchDecoder
from sniffer.formats.pcapng.packet_batch import PacketBatch


def has_second_core() -> bool:
    """Return True if this program may use more than one core."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) > 1
    return (os.cpu_count() or 1) > 1


def start_helper(definition: Definition) -> "DecodingHelper | None":
    """Start a process that decodes by a definition; None if the system has no means for it, as on some phones."""
    try:
        return DecodingHelper(definition)
    except (ImportError, NotImplementedError, OSError):
        # Locks of several processes are missing, or no process can be started. One process reads the file as well.
        return None


class DecodingHelper:
    """A process that decodes by one definition, to be used as a context manager."""

    def __init__(self, definition: Definition) -> None:
        context = multiprocessing.get_context("spawn")
        self._executor = ProcessPoolExecutor(1, context, initializer=_start, initargs=(definition,))
        with _without_interrupts():
            self._started = self._executor.submit(os.getpid)

    @property
    def is_ready(self) -> bool:
        """True if the process takes batches. It stays False if the process could not start."""
        return self._started.done() and self._started.exception() is None

    def __enter__(self) -> "DecodingHelper":
        return self

    def __exit__(self, *_: object) -> None:
        self._executor.shutdown(cancel_futures=True)

    def decode(self, batch: PacketBatch) -> "asyncio.Future[bytes]":
        """Return the runs of a batch, packed, when they are known.

        Awaiting them raises `BrokenProcessPool` if somebody else ended the process.
        """
        return asyncio.wrap_future(self._executor.submit(_decode, batch))


_decoders: list[BatchDecoder] = []
"""The decoder of this process, if it is a helper."""


def _start(definition: Definition) -> None:
    """Prepare a process that helps."""
    # Nothing that decoding makes has cycles; looking for some takes time.
    gc.disable()
    end_with_parent()
    _decoders.append(BatchDecoder(definition))


def _decode(batch: PacketBatch) -> bytes:
    """Return the runs of a batch, in the process that helps."""
    return _decoders[0].decode(batch)


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Keep Ctrl-C from the processes that are started meanwhile, for as long as they run; here it is only delayed."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
