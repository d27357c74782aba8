"""From a SOURCE on the command line to an open source (contract.md, Sources).

Each kind is loaded when it is asked for, so that reading a file does not pay for the serial port. All raise
`SourceError` with a message that says how to mend it.

MERGED:
The core that fits a source: what dates its bytes, and whether several taps have to be put in order.
"""

import os
import re
import stat
from pathlib import Path

from sniffer.base.errors import SourceError
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.definition import Definition
from sniffer.sources.source import Source

_WINDOWS_PORT = re.compile(r"(\\\\\.\\)?COM\d+", re.IGNORECASE)
_STANDARD_INPUT = 0


ASSUMED_BAUD = 115200
"""The rate where none is given and none can be found: `assumed`, as the protocol documents none."""


def open_source(name: str, *, baud: int | None, follow: bool = False) -> Source:
    """The source of this name. `baud` is the rate of a serial line; `follow`: a saved session goes on growing."""
    if follow and not os.path.isfile(name):
        raise SourceError(f"{name}: --follow is for a capture that grows: a .pcapng file")
    if name == "-":
        from sniffer.sources.pipe import PipeSource

        return PipeSource(_STANDARD_INPUT, "standard input")
    if name == "demo" or name.startswith("demo:"):
        from sniffer.sources.demo import DemoSource

        scenario = name.partition(":")[2]
        rate = baud or ASSUMED_BAUD
        return DemoSource(scenario, baud=rate) if scenario else DemoSource(baud=rate)
    if "://" in name:
        from sniffer.sources.remote import open_remote

        return open_remote(name, baud, ASSUMED_BAUD)
    if _WINDOWS_PORT.fullmatch(name):
        return _serial(name, baud)
    return _open_path(name, baud, follow)


def _open_path(name: str, baud: int | None, follow: bool) -> Source:
    try:
        mode = os.stat(name).st_mode
    except FileNotFoundError as error:
        if name.startswith("/dev/"):
            from sniffer.sources.serial.tap import describe_missing_port

            raise SourceError(describe_missing_port(name)) from error
        raise SourceError(f"{name}: no such file or port") from error
    except (OSError, ValueError) as error:
        raise SourceError(f"{name}: cannot be opened: {error}") from error
    if stat.S_ISCHR(mode):
        return _serial(name, baud)
    if stat.S_ISDIR(mode):
        raise SourceError(f"{name}: this is a directory: name a file in it")
    if stat.S_ISFIFO(mode):
        from sniffer.sources.pipe import PipeSource

        try:
            return PipeSource(os.open(name, os.O_RDONLY), name)
        except OSError as error:
            raise SourceError(f"{name}: cannot be opened: {error.strerror}") from error
    if not stat.S_ISREG(mode):
        raise SourceError(f"{name}: neither a file nor a serial port")
    from sniffer.sources.detect import open_file

    return open_file(Path(name), follow=follow)


def _serial(name: str, baud: int | None) -> Source:
    from sniffer.sources.serial.tap import SerialTap

    return SerialTap(name, baud)


def baud_of_reads(source: Source) -> int | None:
    """Return the baud rate that dates the bytes of one read; None where each packet has the time of its first byte."""
    return None if source.times_are_first_bytes else source.baud


def pipeline_for(source: Source, definition: Definition) -> Pipeline:
    """Return the core for a session of this source."""
    return Pipeline(definition, baud=baud_of_reads(source), merging=source.needs_merging)
