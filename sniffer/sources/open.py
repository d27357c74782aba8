"""Open the source that the SOURCE words of the command line name, and build the pipeline that fits it.

In: names of ports, files, pipes, addresses or demo scenarios. Out: one open `Source`. All functions raise `SourceError`
with a message that says what to do; sources that were opened before an error are closed again.

Each kind of source is imported when it is needed, so that reading a file does not load the serial port.
"""

import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from sniffer.base.compression import ReadableFile
from sniffer.base.errors import SourceError
from sniffer.base.late_pattern import compile_late
from sniffer.base.suggest import find_near_words
from sniffer.core.line.usual_rates import ASSUMED_BAUD
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.definition import Definition
from sniffer.core.wire.framer import LiveLimits
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import ROUTES_IN_BYTES
from sniffer.simulator.demo_name import DEMO
from sniffer.sources.file_options import DEFAULT, FileOptions
from sniffer.sources.source import Source

MAX_TAPS = 2
"""A link has two wires (protocol.md)."""

MOST_NAMES = 1000
"""The number of names of a folder that are compared with that of a missing file."""

FILE_SIMILARITY = 0.8
"""The least similarity, from 0 to 1, of the name of a file that is suggested."""

_WINDOWS_PORT = compile_late(r"(\\\\\.\\)?COM\d+", re.IGNORECASE)
_STANDARD_INPUT = 0
_PORT_HINT = ": `evse-sniff ports` lists the ports"


class LineOptions(Struct, frozen=True):
    """The settings by which a serial line is read.

    `baud` is its rate; None finds it, by the frames of `routes`. With `share`, a port is read beside another program,
    as it is set.
    """

    baud: int | None = None
    share: bool = False
    routes: tuple[Route, ...] = ROUTES_IN_BYTES


ANY_LINE = LineOptions()
"""The options if none is given: the rate is found."""


def open_sources(
    names: Sequence[str], *, line_options: LineOptions = ANY_LINE, file_options: FileOptions = DEFAULT
) -> Source:
    """Open one source, or two taps as one source. Raises `SourceError`.

    `line_options` say how a serial line is read, and `file_options` a file or a pipe.
    """
    if file_options.join:
        return open_joined(names, file_options)
    if len(names) == 1:
        return open_source(names[0], line_options=line_options, file_options=file_options)
    if len(names) > MAX_TAPS:
        advice = ": files are read as one session with --join" if all(map(os.path.isfile, names)) else ""
        raise SourceError(f"{len(names)} sources: at most two taps make one session, one on each wire{advice}")
    if len(set(names)) < len(names):
        raise SourceError(f"{names[0]}: two taps need two ports: name the one on the other wire")
    from sniffer.sources.multi_tap import MultiTap

    sources: list[Source] = []
    try:
        for name in names:
            sources.append(open_source(name, line_options=line_options))
            if not sources[-1].taps:
                advice = "; files are read as one session with --join" if os.path.exists(name) else ""
                raise SourceError(f"{name}: two sources are two taps, one on each wire: this one is no port{advice}")
    except SourceError:
        for source in sources:
            source.close()
        raise
    return MultiTap(sources)


def open_joined(names: Sequence[str], file_options: FileOptions = DEFAULT) -> Source:
    """Open files, and all sessions in folders and archives, as one session. Raises `SourceError`."""
    from sniffer.sources.stored.collection import find_files, is_collection

    if file_options.follow:
        raise SourceError("--join reads files that are complete: leave out --follow")
    files: list[ReadableFile] = []
    unread: list[str] = []
    for name in names:
        if is_collection(name):
            files += find_files(name, all_of_them=True, on_unread=unread.append)
        elif os.path.isfile(name):
            files.append(Path(name))
        else:
            known = "only saved sessions can be joined, and this is not one"
            missing = not _names_no_file(name) and not os.path.exists(name)
            raise SourceError(f"{name}: {f'no such file{_suggest_file(name)}' if missing else known}")
    filled = [file for file in files if not (isinstance(file, Path) and file.stat().st_size == 0)]
    if filled:
        # A log that was rotated just now.
        unread += [f"{file}: the file is empty" for file in files if file not in filled]
    return _open_files(filled or files, file_options, unread)


def open_source(name: str, *, line_options: LineOptions = ANY_LINE, file_options: FileOptions = DEFAULT) -> Source:
    """Open one source; the options are those of `open_sources`. Raises `SourceError`."""
    if file_options.follow and not os.path.isfile(name) and (_names_no_file(name) or os.path.exists(name)):
        raise SourceError(f"{name}: --follow is for a file that grows: a capture, a text log or `dump --json` output")
    if name == "-":
        return _open_pipe(_STANDARD_INPUT, "standard input", file_options)
    if is_demo(name):
        return _open_demo(name, line_options.baud or ASSUMED_BAUD)
    if "://" in name:
        from sniffer.sources.remote import open_remote

        return open_remote(name, line_options.baud, ASSUMED_BAUD)
    if is_port_name(name):
        return _open_port(name, line_options)
    return _open_path(name, file_options) or _open_port(name, line_options)


def _names_no_file(name: str) -> bool:
    """Return True if this is the name of a source that is no file: standard input, the demo, an address, or a port."""
    return name == "-" or is_demo(name) or "://" in name or is_port_name(name)


def is_demo(name: str) -> bool:
    """Return True if this is the name of the simulated charger and not of a file."""
    return name == DEMO or name.startswith(f"{DEMO}:")


def is_port_name(name: str) -> bool:
    """Return True if this is the name of a port on Windows; elsewhere a port is a file of its own kind."""
    return _WINDOWS_PORT.fullmatch(name) is not None


def baud_of_reads(source: Source) -> int | None:
    """Return the baud rate that dates the bytes of one read; None where each packet has the time of its first byte."""
    return None if source.times_are_first_bytes else source.baud


def pipeline_for(
    source: Source, definition: Definition, live: LiveLimits | None = None, *, mending: bool = False
) -> Pipeline:
    """Return the core for a session of this source. `live` are the limits that hold if the source is live.

    With `mending`, misread lines of a text log are mended.
    """
    limits = live if source.is_live else None
    return Pipeline(definition, baud=baud_of_reads(source), merging=source.needs_merging, live=limits, mending=mending)


def share_out(source: Source, definition: Definition) -> None:
    """Let a second process decode a large capture, for a session that is read to its end at once.

    Its pipeline must have this definition. Other sources are read as usual.
    """
    from sniffer.sources.capture_file import CaptureSource

    if isinstance(source, CaptureSource):
        source.share_out(definition)


def _open_path(name: str, options: FileOptions) -> Source | None:
    """Return the source for the file or pipe at this path; None if it is a port.

    Raises `SourceError` if there is nothing that can be read.
    """
    if not name.startswith("/dev/") and _is_in_collection(name, options.follow):
        from sniffer.sources.stored.collection import find_files

        unread: list[str] = []
        return _open_files(find_files(name, all_of_them=False, on_unread=unread.append), options, unread)
    try:
        mode = os.stat(name).st_mode
    except FileNotFoundError as error:
        if name.startswith("/dev/"):
            from sniffer.sources.serial.failures import describe_missing_port

            raise SourceError(describe_missing_port(name)) from error
        if os.path.islink(name):
            raise SourceError(f"{name}: a link to {os.readlink(name)}, which does not exist") from error
        raise SourceError(f"{name}: no such file or port{_suggest_file(name) or _PORT_HINT}") from error
    except (OSError, ValueError) as error:
        raise SourceError(f"{name}: cannot be opened: {getattr(error, 'strerror', None) or error}") from error
    if stat.S_ISCHR(mode):
        return None
    if stat.S_ISFIFO(mode):
        try:
            return _open_pipe(os.open(name, os.O_RDONLY), name, options)
        except OSError as error:
            raise SourceError(f"{name}: cannot be opened: {error.strerror}") from error
    if not stat.S_ISREG(mode):
        raise SourceError(f"{name}: neither a file nor a serial port: name a saved session, or a port")
    if options.follow:
        from sniffer.sources.stored.followed_file import FollowedFile

        return FollowedFile(Path(name), options)
    return _open_files([Path(name)], options)


def _is_in_collection(name: str, follow: bool) -> bool:
    """Return True if this is the name of a folder, an archive, or files within one.

    Raises `SourceError` if that is to be followed.
    """
    from sniffer.sources.stored.collection import is_collection

    is_one = is_collection(name)
    if is_one and follow:
        raise SourceError(f"{name}: --follow is for one file that grows: name it")
    return is_one


def _open_files(files: Sequence[ReadableFile], options: FileOptions, unread: Sequence[str] = ()) -> Source:
    """Return the source of a file, or of several as one session. `unread` are notes on what is not read."""
    if len(files) == 1 and not unread:
        from sniffer.sources.stored.session_file import open_file

        return open_file(files[0], options)
    from sniffer.sources.stored.joined_files import JoinedFiles

    return JoinedFiles(files, options, unread)


def _suggest_file(name: str) -> str:
    """Return the end of a message that names the files whose names are similar; empty if there is none."""
    folder, base = os.path.split(name)
    try:
        names = os.listdir(folder or os.curdir)
    except (OSError, ValueError):
        return ""
    near = find_near_words(base, names[:MOST_NAMES], similarity=FILE_SIMILARITY)
    return f": did you mean {os.path.join(folder, near[0])}?" if near else ""


def _open_port(name: str, options: LineOptions) -> Source:
    from sniffer.sources.serial.tap import SerialTap

    return SerialTap(name, options.baud, share=options.share, routes=options.routes)


def _open_pipe(descriptor: int, name: str, options: FileOptions) -> Source:
    from sniffer.sources.pipe import PipeSource

    return PipeSource(descriptor, name, options)


def _open_demo(name: str, baud: int) -> Source:
    from sniffer.sources.demo import DemoSource

    scenario = name.partition(":")[2]
    return DemoSource(scenario, baud=baud) if scenario else DemoSource(baud=baud)
