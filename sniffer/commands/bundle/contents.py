"""The files of a bundle beside its capture: the report in its three forms, the versions, the definition and a README.

In: the path of the capture without identifiers. Out: names and contents.
"""

import platform
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from sniffer._version import __version__
from sniffer.base.phrasing import format_count
from sniffer.base.platform import describe_system
from sniffer.commands.bundle.pseudonyms import Pseudonym
from sniffer.commands.report.render import Form, format_report, read_report
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.definition_writer import format_definition
from sniffer.sources.capture_file import CaptureSource

CAPTURE = "capture.pcapng"
"""The name of the capture in the bundle."""

_REPORTS: tuple[tuple[str, Form], ...] = (("report.txt", "text"), ("report.html", "html"), ("report.json", "json"))

_README = """\
A session of the serial links inside an EV charger, made by `evse-sniff bundle`.

  capture.pcapng   the session; open it with `evse-sniff capture.pcapng`, or with Wireshark
  report.*         what it shows, as text, as a page for a browser, and for scripts
  definition.toml  what was known of the protocol when the report was made
  versions.txt     the programs that made this

This is not the session as it was read. What identifies a charger, a person or a machine was
replaced, each by the same placeholder wherever it stood:

{replaced}

{frames}
Nothing else was changed: lengths, commands, sequences, times, statuses, faults and measured
values are those that were read. Noise is still noise; what could be recognised in damaged bytes
was replaced as well.

Not covered: names in free text that nothing marks as such, bytes whose meaning nobody knows,
and what times and measured values say about the use of the charger.
"""


def build_contents(
    capture: Path, definition: Definition, pseudonyms: Sequence[Pseudonym], counts: Counter[str], changed: int
) -> Iterator[tuple[str, bytes]]:
    """Yield the names and contents of the files beside the capture."""
    yield "README.txt", _format_readme(pseudonyms, counts, changed).encode()
    yield "versions.txt", _format_versions().encode()
    yield "definition.toml", format_definition(definition).encode()
    source = CaptureSource(capture)
    source.name = CAPTURE
    report, _ = read_report(source, definition, None)
    for name, form in _REPORTS:
        yield name, f"{format_report([report], form)}\n".encode(errors="backslashreplace")


def _format_readme(pseudonyms: Sequence[Pseudonym], counts: Counter[str], changed: int) -> str:
    """Return the README: what was replaced, without the identifiers themselves."""
    lines = [
        f"  {one.placeholder:<24} {one.kind}, {format_count(counts[one.original.casefold()], 'place')}"
        for one in pseudonyms
    ]
    frames = (
        f"Frames: {format_count(changed, 'frame')} with such an identifier, or what was left of one, "
        f"{'was' if changed == 1 else 'were'} encoded anew,\nwith a new CRC.\n"
        if changed
        else "No frame was changed.\n"
    )
    return _README.format(replaced="\n".join(lines) or "  nothing was found", frames=frames)


def _format_versions() -> str:
    """Return the versions of the programs, and the kind of system without its name."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"evse-sniff {__version__}\n{python}\nsystem: {describe_system()}\n"
