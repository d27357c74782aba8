"""The command line: the only place that joins sources, core and sinks (contract.md, Commands).

Exit status: 0 fine, also when interrupted; 1 a source or file cannot be used, with one line on standard error; 2 wrong
usage. What a command needs is imported when the command runs, so that `--help` answers at once.
"""

import argparse
import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from typing import TYPE_CHECKING, NoReturn, TextIO

from sniffer import __version__
from sniffer.errors import ExplainError, OutputError, QueryError, SnifferError, writing

if TYPE_CHECKING:
    from sniffer.protocol.definition import Definition
    from sniffer.query.moments import Zone
    from sniffer.query.query import Query

DEFAULT_BAUD = 115200
"""The rate of a serial line where none is given: `assumed`, as the protocol documents none."""

USAGE_ERROR = 2

GARBAGE_LOOKED_AT = 20_000
"""How many objects more than before make the interpreter look for unreachable ones, while much is read."""

EPILOG = """\
SOURCE is a serial port (/dev/ttyUSB0, COM5), a saved session (the charger's text log, or
raw bytes; .gz works too), - for raw bytes from standard input, or the simulated charger
(demo, demo:undervoltage, demo:bootloop, demo:noisy).

other commands (each with --help):
  evse-sniff dump SOURCE       the same session as lines, or as JSON with --json
  evse-sniff explain WHAT...   what a code, a frame in hex or a pasted log line means
  evse-sniff report FILE       what a session was like; with two files, what differs
  evse-sniff learn FILE...     proposals for what the protocol's definition lacks
  evse-sniff simulate          the simulated charger on a pseudo-terminal
  evse-sniff definition        what is known of the protocol, in the format of --definition
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    commands: dict[str, Callable[[list[str]], int]] = {
        "dump": _dump,
        "explain": _explain,
        "report": _report,
        "learn": _learn,
        "simulate": _simulate,
        "definition": _definition,
    }
    try:
        if words and words[0] in commands:
            return commands[words[0]](words[1:])
        return _screen(words)
    except ExplainError as error:
        _complain(error)
        return USAGE_ERROR
    except OutputError as error:
        _give_up_output()
        _complain(error)
        return 1
    except SnifferError as error:
        _complain(error)
        return 1
    except KeyboardInterrupt:
        return 0
    except BrokenPipeError:
        _give_up_output()
        return 0


def _complain(error: SnifferError) -> None:
    from sniffer.printable import printable

    print(f"evse-sniff: {printable(str(error))}", file=sys.stderr)


def _output() -> TextIO:
    """Standard output, which takes any character even where it cannot show it."""
    if sys.stdout is None:
        raise OutputError("standard output is closed: there is nowhere to write to")
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    return sys.stdout


def _say(text: str) -> None:
    """Write a line to standard output, at once."""
    out = _output()
    with writing():
        print(text, file=out, flush=True)


def _give_up_output() -> None:
    """Whoever read has gone, or has no room: what Python would still flush at exit has nowhere to go either."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Parser(argparse.ArgumentParser):
    """Says what is wrong without letting the words that were typed act on the terminal."""

    def error(self, message: str) -> NoReturn:
        from sniffer.printable import printable

        super().error(printable(message))


def _parser(command: str, description: str, epilog: str | None = None) -> argparse.ArgumentParser:
    return _Parser(
        prog=f"evse-sniff {command}".strip(),
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _add_source(parser: argparse.ArgumentParser, *, needed: bool = True) -> None:
    about = "a port, a file, - or demo" if needed else "a port, a file, - or demo; without it, a list to choose from"
    parser.add_argument("source", metavar="SOURCE", nargs=None if needed else "?", help=about)
    _add_baud(parser, f"rate of a serial line (default {DEFAULT_BAUD}, an assumption)")
    parser.add_argument(
        "--idle",
        type=_positive(float),
        metavar="SECONDS",
        help="silence that ends an unfinished frame on a live line (default 0.05; more on a slow line)",
    )
    _add_definition(parser)


def _add_baud(parser: argparse.ArgumentParser, about: str) -> None:
    parser.add_argument("--baud", type=_positive(int), default=DEFAULT_BAUD, metavar="N", help=about)


def _add_definition(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--definition",
        action="append",
        default=[],
        metavar="FILE",
        help="a file that adds to what is known of the protocol, or overrides it; of several, the later one holds",
    )


def _positive(kind: type[int] | type[float]) -> Callable[[str], int | float]:
    def convert(text: str) -> int | float:
        number = kind(text)
        if not 0 < number < float("inf"):
            raise argparse.ArgumentTypeError(f"{text} is not more than zero")
        return number

    convert.__name__ = "number"
    return convert


def _screen(words: list[str]) -> int:
    parser = _parser("", "Watch the serial link inside an EV charger: commands, faults, connector state.", EPILOG)
    parser.add_argument("--version", action="version", version=f"evse-sniff {__version__}")
    _add_source(parser, needed=False)
    options = parser.parse_args(words)

    from sniffer.terminal import has_terminal, keyboard_from_terminal

    if options.source is None and not has_terminal():
        print("usage: evse-sniff SOURCE; the list to choose one from needs a terminal", file=sys.stderr)
        return USAGE_ERROR

    from sniffer.definitions import definition_of
    from sniffer.picking import open_and_keep, pick_on_screen, pick_source
    from sniffer.pipeline import Pipeline
    from sniffer.recent import RecentFile
    from sniffer.session import IDLE_SECONDS, Session, Sink
    from sniffer.settings import SettingsFile
    from sniffer.tui.app import SnifferApp
    from sniffer.tui.themed import Preferences

    definition = definition_of(options.definition)
    settings, recent = SettingsFile(), RecentFile()
    notices = [settings.complaint, recent.complaint]
    if options.source is None:
        picked = pick_source(pick_on_screen(options.baud, settings, recent, notices), recent)
        if picked is None:
            return 0
        source, complaint = picked
        notices = []
    else:
        name = keyboard_from_terminal() if options.source == "-" else options.source
        source, complaint = open_and_keep(name, options.baud, recent)

    def session_for(sink: Sink) -> Session:
        return Session(source, Pipeline(definition, baud=source.baud), [sink], idle=options.idle or IDLE_SECONDS)

    preferences = Preferences(
        settings.settings, settings.save, recent.recent.filters, recent.add_filter, (*notices, complaint)
    )
    app = SnifferApp(session_for, definition, preferences)
    _look_for_garbage_rarely()
    app.run()
    return app.return_code or 0


def _look_for_garbage_rarely() -> None:
    """A session lies in arrays and tables without cycles: to look for some all the time is a tenth of the work."""
    gc.freeze()
    gc.set_threshold(GARBAGE_LOOKED_AT)


def _dump(words: list[str]) -> int:
    parser = _parser("dump", "Print a session as it happens: one line, or one JSON object a line.")
    _add_source(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument(
        "--summary", action="store_true", help="at the end, how each command was answered, and how fast"
    )
    parser.add_argument(
        "--filter",
        metavar="EXPR",
        help="only the records that this is true of, such as 'status == Faulted or crc bad' (see README, Filter)",
    )
    options = parser.parse_args(words)

    import asyncio

    from sniffer.definitions import definition_of
    from sniffer.dump import DumpSink
    from sniffer.pipeline import Pipeline
    from sniffer.session import IDLE_SECONDS, Session
    from sniffer.sources.opening import open_source

    definition = definition_of(options.definition)
    # A filter that is wrong is told before a port is touched.
    query = None if options.filter is None else _query(options.filter, definition, lambda: source.zone)
    source = open_source(options.source, baud=options.baud)
    sink = DumpSink(source, definition, _output(), as_json=options.json, query=query)
    session = Session(source, Pipeline(definition, baud=source.baud), [sink], idle=options.idle or IDLE_SECONDS)
    try:
        asyncio.run(session.run())
    finally:
        if options.summary:
            sink.summarize(session.snapshot())
    return 0


def _query(text: str, definition: "Definition", zone: "Zone") -> "Query":
    """The filter that was typed; one that is wrong ends the command as wrong usage, with its place marked."""
    from sniffer.query.marks import marked
    from sniffer.query.parser import parse
    from sniffer.query.vocabulary import Vocabulary

    try:
        return parse(text, Vocabulary(definition, zone))
    except QueryError as error:
        _complain(error)
        print(*marked(text, error), sep="\n", file=sys.stderr)
        raise SystemExit(USAGE_ERROR) from error


def _explain(words: list[str]) -> int:
    parser = _parser("explain", "Say what a code (decimal or 0x hex), a name, a frame in hex or a log line means.")
    parser.add_argument("what", metavar="WHAT", nargs="+", help="14,2097672   0x200208   'BB DD DD 32 ...'")
    _add_definition(parser)
    options = parser.parse_args(words)

    from sniffer.definitions import definition_of
    from sniffer.explain import explain

    _say(explain(options.what, definition_of(options.definition)))
    return 0


def _definition(words: list[str]) -> int:
    parser = _parser(
        "definition",
        "Print what is known of the protocol, with how well each fact is known,\nas a file for --definition.",
    )
    _add_definition(parser)
    options = parser.parse_args(words)

    from sniffer.definitions import definition_of
    from sniffer.protocol.writer import written

    _say(written(definition_of(options.definition)).rstrip())
    return 0


def _report(words: list[str]) -> int:
    parser = _parser("report", "Sum up a saved session: boots, faults, states, exchanges and the link's quality.")
    parser.add_argument("file", metavar="FILE", help="a saved session: text log or raw bytes; .gz works too")
    parser.add_argument("other", metavar="FILE", nargs="?", help="another one: tell what differs")
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--html", action="store_const", dest="form", const="html", help="one page that needs nothing else"
    )
    form.add_argument("--json", action="store_const", dest="form", const="json", help="one JSON object")
    parser.add_argument(
        "-o", "--output", metavar="NEW", help="a new file to write to; .html and .json ask for that form"
    )
    _add_definition(parser)
    options = parser.parse_args(words)

    from sniffer.definitions import definition_of
    from sniffer.report.forms import form_of, written
    from sniffer.report.reading import read
    from sniffer.sources.opening import open_source

    definition = definition_of(options.definition)
    sources = [open_source(name, baud=DEFAULT_BAUD) for name in (options.file, options.other) if name is not None]
    _look_for_garbage_rarely()
    with _place(options.output) as write:
        found = [read(source, definition) for source in sources]
        write(written([report for report, _ in found], options.form or form_of(options.output)))
    for _, stopped in found:
        if stopped:
            raise stopped
    return 0


@contextmanager
def _place(name: str | None) -> Iterator[Callable[[str], None]]:
    """Where text is written to: standard output, or a new file that is there as a whole or not at all."""
    if name is None:
        yield _say
        return

    from pathlib import Path

    from sniffer.newfile import NewFile

    file = NewFile(Path(name))
    try:
        file.open()
        yield lambda text: file.write(f"{text}\n".encode(errors="backslashreplace"))
        file.keep()
    finally:
        file.give_up()


def _learn(words: list[str]) -> int:
    parser = _parser("learn", "Propose what the protocol's definition lacks,\nas a definition file with the evidence.")
    parser.add_argument(
        "files", metavar="FILE", nargs="+", help="a saved session: text log or raw bytes; .gz works too"
    )
    _add_definition(parser)
    options = parser.parse_args(words)

    import asyncio

    from sniffer.definitions import definition_of
    from sniffer.learn.learner import Learner
    from sniffer.learn.proposals import proposals
    from sniffer.pipeline import Pipeline
    from sniffer.session import Session
    from sniffer.sources.opening import open_source

    definition = definition_of(options.definition)
    sources = [open_source(name, baud=DEFAULT_BAUD) for name in options.files]
    learner = Learner(definition)
    try:
        for source in sources:
            learner.begin(source.name)
            asyncio.run(Session(source, Pipeline(definition, baud=source.baud), [learner]).run())
    finally:
        # What was read of a file that ends too early counts as well, and a tap ends with Ctrl-C.
        _say(proposals(learner.learnt(), definition))
    return 0


def _simulate(words: list[str]) -> int:
    from sniffer.simulator.scenarios import DEFAULT, SCENARIOS

    told = "\n".join(f"  {name:<14} {scenario.about}" for name, scenario in SCENARIOS.items())
    parser = _parser(
        "simulate",
        "Put the simulated charger on a pseudo-terminal and print the path to tap.\nIt starts when the path is opened.",
        f"scenarios:\n{told}",
    )
    parser.add_argument(
        "--scenario", choices=SCENARIOS, default=DEFAULT, metavar="NAME", help=f"what happens (default {DEFAULT})"
    )
    _add_baud(parser, f"the rate that paces the bytes (default {DEFAULT_BAUD})")
    options = parser.parse_args(words)

    import asyncio

    from sniffer.simulator.pseudo_terminal import simulate

    asyncio.run(simulate(options.scenario, baud=options.baud, announce=_say))
    return 0
