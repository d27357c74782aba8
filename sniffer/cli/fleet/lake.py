"""`lake`: collect the sessions of many benches as Parquet, and ask about all of them."""

import argparse

from sniffer.base.errors import SnifferError, translate_output_errors
from sniffer.base.type_checking import TYPE_CHECKING
from sniffer.cli.notices import Notices, add_verbosity
from sniffer.cli.options.parser import build_parser
from sniffer.cli.options.source_options import add_definition, add_packet_layouts
from sniffer.cli.options.value_parsers import number_parser
from sniffer.cli.output import open_output, print_error, print_line
from sniffer.cli.setup.session_setup import file_options_of

if TYPE_CHECKING:
    from datetime import datetime

EPILOG = """\
LAKE is a folder, or a URL that fsspec knows, such as s3://bucket/lake. `evse-sniff help fleet`
describes its tables. A session is known by its content: what was added is not added again."""


def run(words: list[str]) -> int:
    """Run one of the actions. Returns 1 if a capture could not be read, else 0."""
    parser = build_parser("lake", "Collect sessions of many benches, and ask about all of them.", EPILOG)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True, title="actions")
    _build_add(actions)
    _build_sql(actions)
    _build_report(actions)
    options = parser.parse_args(words)
    return {"add": _add, "sql": _ask, "report": _report}[options.action](options)


def _build_add(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = _build_action(actions, "add", "Add saved sessions to a lake, each once.")
    about = "a saved session; a folder or an archive: all sessions in it"
    parser.add_argument("captures", metavar="CAPTURE", nargs="+", help=about)
    parser.add_argument("--to", metavar="LAKE", required=True, help="a folder or a URL such as s3://bucket/lake")
    parser.add_argument("--bench", metavar="NAME", help="the bench; by default the name of the folder of each capture")
    work = parser.add_mutually_exclusive_group()
    work.add_argument(
        "--jobs", type=number_parser(int), metavar="N", help="processes that read; by default one on each processor"
    )
    work.add_argument("--dask", metavar="ADDRESS", help="read on a Dask cluster, whose scheduler is tcp://HOST:8786")
    add_packet_layouts(parser)
    add_definition(parser)
    add_verbosity(parser, has_more=False)


def _build_sql(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = _build_action(actions, "sql", "Query a lake in SQL, by DuckDB. Nothing in the lake is changed.")
    parser.add_argument("lake", metavar="LAKE", help="a folder or a URL")
    parser.add_argument("question", metavar="QUESTION", help='such as "select kind, count(*) from faults group by all"')
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument("--csv", action="store_const", dest="form", const="csv", default="table", help="print CSV")
    forms.add_argument("--json", action="store_const", dest="form", const="json", help="print one JSON object a line")


def _build_report(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = _build_action(
        actions, "report", "Report on a lake: faults, recovery, voltages, answer times, boot loops, silent benches."
    )
    parser.add_argument("lake", metavar="LAKE", help="a folder or a URL")
    parser.add_argument(
        "--since", metavar="DATE", type=_parse_date, help="only what was since then, such as 2026-01-31"
    )
    about = "only this bench; may be given several times"
    parser.add_argument("--bench", metavar="NAME", action="append", default=[], help=about)
    parser.add_argument("--html", action="store_true", help="one self-contained HTML page")
    parser.add_argument("-o", "--output", metavar="NEW", help="a new file to write to")


def _parse_date(text: str) -> "datetime":
    """Return a date, or a date and time; without a zone it is that of this machine. Raises `ArgumentTypeError`."""
    from datetime import datetime

    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError, OSError) as error:
        raise argparse.ArgumentTypeError(
            f"{text} is not a date: write one such as 2026-01-31 or 2026-01-31T12:00"
        ) from error


def _build_action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, about: str
) -> argparse.ArgumentParser:
    """Return the parser of an action, whose help is formatted as that of commands."""
    like = build_parser(f"lake {name}", about)
    return actions.add_parser(name, description=about, help=about, formatter_class=like.formatter_class)


def _ask(options: argparse.Namespace) -> int:
    """Print the answer to a question. Returns 0."""
    from sniffer.commands.lake.sql import ask

    out = open_output()
    with translate_output_errors():
        for line in ask(options.lake, options.question, options.form, is_shown=out.isatty()):
            print(line, file=out)
        out.flush()
    return 0


def _report(options: argparse.Namespace) -> int:
    """Write the report. Returns 0."""
    from sniffer.base.sanitize import printable
    from sniffer.commands.lake.report import make_report

    report = make_report(options.lake, tuple(options.bench), options.since, "html" if options.html else "text")
    if options.output is None:
        print_line("\n".join(map(printable, report.splitlines())))
        return 0
    from pathlib import Path

    from sniffer.base.atomic_file import write_whole

    write_whole(Path(options.output), f"{report}\n".encode(errors="backslashreplace"))
    return 0


def _add(options: argparse.Namespace) -> int:
    """Add captures. Returns 1 if one could not be read."""
    from sniffer.commands.lake.add import add, format_summary, list_problems

    notices = Notices(options)
    options.join = False
    summary, others = add(
        options.captures,
        options.to,
        bench=options.bench,
        jobs=options.jobs,
        dask=options.dask,
        definition=options.definition,
        options=file_options_of(options),
        terminal=notices.progress,
    )
    for problem in list_problems(summary):
        print_error(SnifferError(problem))
    notices.show(f"evse-sniff: {format_summary(summary, others)}")
    return 1 if summary.failures else 0
