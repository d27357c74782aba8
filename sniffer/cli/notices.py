"""The notices of a command beside its result: `--quiet` for fewer, `--verbose` for more.

In: the parsed options. Out: lines on standard error. Errors and lost data are no notices: they are always printed.
"""

import argparse
import sys
from collections.abc import Sequence

from sniffer.base.type_checking import TYPE_CHECKING
from sniffer.cli.output import print_notice, print_prefixed

if TYPE_CHECKING:
    from typing import TextIO

    from sniffer.commands.reading_decisions import DecisionSink
    from sniffer.core.charger.snapshot import Snapshot
    from sniffer.core.protocol.definition import Definition
    from sniffer.sources.source import Source


def add_verbosity(parser: argparse.ArgumentParser, *, has_more: bool = True) -> None:
    """Add `--quiet`, and `--verbose` if the command has more to say."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument("-q", "--quiet", action="store_true", help="print no notices and summaries, errors only")
    if has_more:
        group.add_argument(
            "-v",
            "--verbose",
            action="store_true",
            help="print on standard error what is decided, such as the baud rate",
        )


class Notices:
    """The notices of one run of a command."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.is_quiet: bool = options.quiet
        self.is_verbose: bool = getattr(options, "verbose", False)

    @property
    def progress(self) -> "TextIO | None":
        """The file to which progress is written; None with `--quiet`."""
        return None if self.is_quiet else sys.stderr

    def show(self, text: str) -> None:
        """Print a notice, unless `--quiet` is given."""
        if not self.is_quiet:
            print_notice(text)

    def explain(self, text: str) -> None:
        """Print what was decided, if `--verbose` is given."""
        if self.is_verbose:
            print_prefixed(text)

    def suggest_search(self, names: Sequence[str], snapshot: "Snapshot", rate: int | None) -> None:
        """Print how the framing may be found if no known frame was among the bytes of a session."""
        from sniffer.text.unknown_line import describe_unknown_line, format_search_hint

        if about := describe_unknown_line(snapshot, rate):
            self.show(format_search_hint(names, about))

    def explain_source(self, source: "Source") -> None:
        """Print how a source is read, if `--verbose` is given."""
        if self.is_verbose:
            from sniffer.commands.reading_decisions import describe_source

            self.explain(describe_source(source))

    def decision_sinks(self, definition: "Definition") -> list["DecisionSink"]:
        """Return the sink that prints what is decided while a session runs; none without `--verbose`."""
        if not self.is_verbose:
            return []
        from sniffer.commands.reading_decisions import DecisionSink

        return [DecisionSink(definition, self.explain)]
