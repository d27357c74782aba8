"""The garbage collector of a command: off, then with higher thresholds, and it still finds what died in a cycle."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from sniffer.cli.setup.garbage_collection import (
    FULL_SCANS,
    GC_THRESHOLDS,
    disable_garbage_collection,
    relax_garbage_collection,
)


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    """Restore the garbage collector of the test run; commands that ran in this process before have set it too."""
    thresholds, callbacks = gc.get_threshold(), list(gc.callbacks)
    gc.callbacks.clear()
    gc.unfreeze()
    yield
    gc.enable()
    gc.unfreeze()
    gc.set_threshold(*thresholds)
    gc.callbacks[:] = callbacks


def test_it_is_off_while_modules_load_and_relaxed_afterwards() -> None:
    disable_garbage_collection()
    assert not gc.isenabled()
    relax_garbage_collection()
    assert gc.isenabled()
    assert gc.get_threshold() == GC_THRESHOLDS
    assert gc.get_freeze_count() > 0


def test_survivors_of_a_full_collection_are_excluded_from_later_ones() -> None:
    relax_garbage_collection()
    gc.unfreeze()
    gc.collect(1)
    assert gc.get_freeze_count() == 0
    gc.collect()
    assert gc.get_freeze_count() > 0


def test_survivors_that_die_in_a_cycle_are_found_by_a_later_collection() -> None:
    class Node:
        other: "Node"

    relax_garbage_collection()
    one = Node()
    one.other = one
    gc.collect()
    there = weakref.ref(one)
    del one
    for _ in range(FULL_SCANS - 2):
        gc.collect()
        assert there() is not None
    gc.collect()
    assert there() is None
    assert gc.get_freeze_count() > 0
