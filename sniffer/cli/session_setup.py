"""What the commands that read a session have in common: how silence is taken, and what records it."""

import argparse
import gc
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sniffer.recording.recorder import Recorder
    from sniffer.sources.source import Source

GARBAGE_LOOKED_AT = 5_000, 2, 2
"""How many objects more than before make the interpreter look for unreachable ones, after how many looks it looks again
at those that were reachable, and after how many of these at all."""


def idle_of(options: argparse.Namespace) -> float | None:
    """The silence that ends a frame; in a file that grows none does, as what writes it may just be slow."""
    from sniffer.session import IDLE_SECONDS

    return None if options.follow else options.idle or IDLE_SECONDS


def recorder_for(
    source: "Source", output: str | None, *, by_itself: bool, told: Callable[[str], None] = lambda _: None
) -> "Recorder | None":
    """What saves the session: into the file that was named, or, where it is a port's, by itself."""
    from pathlib import Path

    from sniffer.recording.destination import RecordingFolder, SingleFile
    from sniffer.recording.recorder import Recorder

    if output is None and not (by_itself and source.taps):
        return None
    place = RecordingFolder(source.name) if output is None else SingleFile(Path(output))
    return Recorder(place, source.name, source.baud, lambda: source.zone, told)


def collect_later() -> None:
    """To look for unreachable objects while modules are loaded is a tenth of the time that loading takes."""
    gc.disable()


def collect_seldom() -> None:
    """A session lies in arrays and tables without cycles: to look for some all the time is a tenth of the work."""
    gc.enable()
    gc.freeze()
    gc.set_threshold(*GARBAGE_LOOKED_AT)
    gc.callbacks.append(_keep)


def _keep(phase: str, info: dict[str, int]) -> None:
    """What is left of all objects is the session itself, and is not looked at again.

    To look at that of a million records holds up the screen for a quarter of a second.
    """
    if phase == "stop" and info["generation"] == 2:
        gc.freeze()
