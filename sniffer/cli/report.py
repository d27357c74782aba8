"""`report`: summarize a session, or show how two sessions differ."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sniffer.cli.options import DEFAULT_BAUD, add_definition, build_parser
from sniffer.cli.output import print_line
from sniffer.cli.session_setup import relax_garbage_collection


def run(words: list[str]) -> int:
    """Print the report of one session, or the differences of two. Returns 0."""
    parser = build_parser("report", "Summarize a saved session: faults, states, restarts, exchanges, link quality.")
    parser.add_argument("file", metavar="FILE", help="a saved session")
    parser.add_argument("other", metavar="FILE", nargs="?", help="another session to compare it with")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--html", action="store_const", dest="form", const="html", help="one self-contained HTML page")
    form.add_argument("--json", action="store_const", dest="form", const="json", help="one JSON object")
    parser.add_argument(
        "-o", "--output", metavar="NEW", help="a new file to write to; the ending .html or .json selects that form"
    )
    add_definition(parser)
    options = parser.parse_args(words)

    from sniffer.commands.report.render import find_form, format_report, read
    from sniffer.config.definition_files import load_definition
    from sniffer.sources.open import baud_of_reads, open_source

    definition = load_definition(options.definition)
    sources = [open_source(name, baud=DEFAULT_BAUD) for name in (options.file, options.other) if name is not None]
    relax_garbage_collection()
    with _open_destination(options.output) as write:
        results = [read(source, definition, baud_of_reads(source)) for source in sources]
        write(format_report([report for report, _ in results], options.form or find_form(options.output)))
    for _, stopped in results:
        if stopped:
            raise stopped
    return 0


@contextmanager
def _open_destination(name: str | None) -> Iterator[Callable[[str], None]]:
    """Yield a function that writes text: to standard output, or to a new file that exists as a whole or not at all."""
    if name is None:
        yield print_line
        return

    from pathlib import Path

    from sniffer.base.atomic_file import NewFile

    file = NewFile(Path(name))
    try:
        file.open()
        yield lambda text: file.write(f"{text}\n".encode(errors="backslashreplace"))
        file.keep()
    finally:
        file.give_up()
