"""Set up a session, for all commands that read one: the idle time, how its sources are read, and the recorder."""

import argparse
from collections.abc import Callable, Sequence

from sniffer.base.type_checking import TYPE_CHECKING

if TYPE_CHECKING:
    from sniffer.core.protocol.definition import Definition
    from sniffer.core.wire.framer import LiveLimits
    from sniffer.formats.recorded_with import RecordedWith
    from sniffer.recording.destination import Destination
    from sniffer.recording.recorder import Recorder
    from sniffer.sources.file_options import FileOptions
    from sniffer.sources.source import Source


def idle_of(options: argparse.Namespace) -> float | None:
    """Return the silence in seconds that ends an unfinished frame.

    None with `--follow`: the program that writes the file may just be slow.
    """
    from sniffer.session import IDLE_SECONDS

    return None if options.follow else options.idle or IDLE_SECONDS


def live_limits_of(options: argparse.Namespace) -> "LiveLimits | None":
    """Return the limits of a live line; None with `--follow`, as the program that writes the file may just be slow."""
    from sniffer.core.wire.framer import LONGEST_LIVE_DBUS
    from sniffer.session import live_limits

    idle = idle_of(options)
    return None if idle is None else live_limits(idle, options.longest_dbus or LONGEST_LIVE_DBUS)


def baud_of(options: argparse.Namespace, names: Sequence[str]) -> int | None:
    """Return the rate at which these sources are read: that of `--baud`, or else that of the settings.

    None if the rate is to be found, or if none of the sources is a serial line.
    """
    from sniffer.sources.open import is_demo
    from sniffer.sources.stored.collection import is_saved_session

    is_saved = all(name == "-" or is_demo(name) or is_saved_session(name) for name in names)
    if options.has_baud or is_saved:
        return options.baud if options.has_baud else None
    from sniffer.cli.setup.command_settings import read_settings

    return read_settings().baud


def file_options_of(
    options: argparse.Namespace,
    definition: "Definition | None" = None,
    show: Callable[[str], None] | None = None,
) -> "FileOptions":
    """Return how files are read, from the options of `add_file_options`, and `--follow` where a command has it.

    Captures of other programs, or recorded with other links, are searched for the frames of the definition. If it is
    None, those of other programs are searched for the charger's. `show` is called with a notice if a capture in a pipe
    was recorded with another definition.
    """
    from msgspec.structs import replace

    from sniffer.sources.file_options import FileOptions

    plain = FileOptions(dict(options.dlt), options.join, getattr(options, "follow", False), definition)
    if show is None or definition is None:
        return plain
    known = definition

    def describe(recorded: "RecordedWith") -> None:
        from sniffer.config.definition_choice import describe_recorded

        if notice := describe_recorded(recorded, known):
            show(notice)

    return replace(plain, on_recorded=describe)


def open_sources_of(options: argparse.Namespace, definition: "Definition", show: Callable[[str], None]) -> "Source":
    """Open the sources that the options name, as one source; `show` is called with notices. Raises `SourceError`."""
    from sniffer.sources.open import LineOptions, open_sources

    return open_sources(
        options.sources,
        line_options=LineOptions(baud_of(options, options.sources), options.share, definition.links.routes_in_bytes),
        file_options=file_options_of(options, definition, show),
    )


def recorder_for(
    source: "Source",
    output: str | None,
    definition: "Definition",
    *,
    automatic: bool,
    on_failure: Callable[[str], None] = lambda _: None,
    wrap: "Callable[[Destination], Destination]" = lambda place: place,
) -> "Recorder | None":
    """Return the recorder of the session, None if it is not recorded.

    With `output`, it writes that file. Without, and with `automatic`, a session of a port is recorded into the folder
    of recordings. The capture names the files that `definition` consists of. `on_failure` is called with the failure
    when recording stops, and with an empty text when it resumes. `wrap` returns what is written to instead of the
    destination.
    """
    from pathlib import Path

    from sniffer.base.errors import OutputError
    from sniffer.recording.destination import Destination, RecordingFolder, SingleFile
    from sniffer.recording.output_stream import NAME
    from sniffer.recording.recorder import Recorder

    if output == NAME:
        raise OutputError("-: standard output is in use: `evse-sniff record SOURCE -o -` writes a capture to it")
    if output is None and not (automatic and source.taps):
        return None
    place: Destination = RecordingFolder(source.name) if output is None else SingleFile(Path(output))
    return Recorder(wrap(place), source.name, source.baud, lambda: source.zone, on_failure, origins=definition.origins)
