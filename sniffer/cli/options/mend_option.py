"""`--mend`: read a photographed log, with the misread lines mended; and the hint that it would help.

In: the parsed options. Nothing that is read from a port is ever mended, so a port with `--mend` is wrong usage.
"""

import argparse
import os
import stat
from collections.abc import Callable, Iterable, Sequence

from sniffer.base.type_checking import TYPE_CHECKING

if TYPE_CHECKING:
    from sniffer.core.pipeline import Pipeline
    from sniffer.core.record import Record

MEND = "--mend"


def add_mend(parser: argparse._ActionsContainer) -> None:
    """Add `--mend`."""
    parser.add_argument(
        MEND,
        action="store_true",
        help="correct what text recognition misread in a photographed log: a frame if exactly one reading of it has a "
        "valid CRC, a known line by its words; each correction is marked, and is assumed",
    )


def check_mend(parser: argparse.ArgumentParser, options: argparse.Namespace, names: Iterable[str]) -> None:
    """End the program with exit status 2 if `--mend` is given for a port, an address or the simulated charger."""
    if options.mend and (port := next((name for name in names if _is_line(name)), None)):
        parser.error(f"{MEND} is for saved logs: what is read from {port} is never mended: leave out {MEND}")


def format_hint(name: str) -> str:
    """Return the line that says that a log has lines which could be mended."""
    return f"evse-sniff: {name}: lines look misread, as in a photographed log; {MEND} mends those that fit in one way"


class HintSink:
    """The sink that shows the hint once, as soon as a line is found that could be mended. It looks at no record."""

    def __init__(self, pipeline: "Pipeline", name: str, show: Callable[[str], None]) -> None:
        self._pipeline = pipeline
        self._name = name
        self._show = show
        self._is_shown = False

    def receive(self, records: Sequence["Record"]) -> None:
        """Show the hint if it is due."""
        if self._pipeline.is_mendable and not self._is_shown:
            self._is_shown = True
            self._show(format_hint(self._name).removeprefix("evse-sniff: "))


def _is_line(name: str) -> bool:
    """Return True if this names a port, an address or the simulated charger, and no saved session."""
    from sniffer.sources.open import is_demo, is_port_name

    if is_demo(name) or "://" in name or is_port_name(name):
        return True
    try:
        return stat.S_ISCHR(os.stat(name).st_mode)
    except (OSError, ValueError):
        return name.startswith("/dev/")
