"""The garbage collector of a command that reads a session: off while modules are loaded, and rarer afterwards."""

import gc

GC_THRESHOLDS = 5_000, 2, 2
"""The thresholds of the garbage collector's three generations, see `gc.set_threshold`."""

FULL_SCANS = 20
"""One in this many full collections examines all objects: with a screen on a busy line, one every few minutes."""


def disable_garbage_collection() -> None:
    """Turn the garbage collector off while modules are loaded: it takes a tenth of the loading time."""
    gc.disable()


def relax_garbage_collection() -> None:
    """Turn the garbage collector on again, with higher thresholds.

    A session is stored in arrays and tables without reference cycles. The default thresholds cost a tenth of the work.
    """
    gc.enable()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    gc.callbacks.append(SurvivorFreezer())


class SurvivorFreezer:
    """A callback of the garbage collector: it excludes the objects that survive a full collection from later ones.

    They are the session itself, and scanning them each time would stop the screen for a moment. One of `FULL_SCANS`
    full collections examines them nevertheless: those that died since in a cycle would stay for ever.
    """

    def __init__(self) -> None:
        self._collections = 0

    def __call__(self, phase: str, info: dict[str, int]) -> None:
        """Take the beginning or the end of a collection."""
        if info["generation"] != 2:
            return
        if phase == "stop":
            gc.freeze()
            return
        self._collections += 1
        if self._collections % FULL_SCANS == 0:
            gc.unfreeze()
