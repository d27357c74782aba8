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
from sniffer.errors import CutOffError, ExplainError, OutputError, QueryError, SnifferError, writing

if TYPE_CHECKING:
    from sniffer.protocol.definition import Definition
    from sniffer.query.moments import Zone
    from sniffer.query.query import Query
    from sniffer.recording.recorder import Recorder, Recording
    from sniffer.sources.source import Source

DEFAULT_BAUD = 115200
"""The rate of a serial line where none is given: `assumed`, as the protocol documents none."""

USAGE_ERROR = 2

LOOKED_AT = 0.015
"""Seconds for which what comes may wait on its way to the screen, which looks four times less often."""

GARBAGE_LOOKED_AT = 20_000
"""How many objects more than before make the interpreter look for unreachable ones."""

EPILOG = """\
SOURCE is a serial port (/dev/ttyUSB0, COM5), a saved session (a capture, the charger's text
log, the output of dump --json, or raw bytes; .gz works too), - for raw bytes from standard
input, or the simulated charger (demo, demo:undervoltage, demo:bootloop, demo:noisy).

other commands (each with --help):
  evse-sniff dump SOURCE       the same session as lines, or as JSON with --json
  evse-sniff record SOURCE -o FILE   save a session as a capture, without a screen
  evse-sniff convert IN OUT    a saved session in another format, which OUT's ending names
  evse-sniff explain WHAT...   what a code, a frame in hex or a pasted log line means
  evse-sniff report FILE       what a session was like; with two files, what differs
  evse-sniff learn FILE...     proposals for what the protocol's definition lacks
  evse-sniff simulate          the simulated charger on a pseudo-terminal
  evse-sniff definition        what is known of the protocol, in the format of --definition
  evse-sniff wireshark         a dissector for Wireshark, which shows our captures as we do
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    commands: dict[str, Callable[[list[str]], int]] = {
        "dump": _dump,
        "record": _record,
        "convert": _convert,
        "explain": _explain,
        "report": _report,
        "learn": _learn,
        "simulate": _simulate,
        "definition": _definition,
        "wireshark": _wireshark,
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
    except CutOffError as error:
        _complain(error)
        return 0
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
    parser.add_argument("--follow", action="store_true", help="read on in a capture that another program still writes")
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


def _rate_of_reads(source: "Source") -> int | None:
    """The rate that dates the bytes of a read; the packets of a capture have the time of their first byte already."""
    from sniffer.sources.capture import CaptureSource

    return None if isinstance(source, CaptureSource) else source.baud


def _idle(options: argparse.Namespace) -> float | None:
    """The silence that ends a frame; in a file that grows none does, as what writes it may just be slow."""
    from sniffer.session import IDLE_SECONDS

    return None if options.follow else options.idle or IDLE_SECONDS


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
    saving = parser.add_mutually_exclusive_group()
    saving.add_argument("-o", dest="output", metavar="FILE", help="record the session into this capture")
    saving.add_argument("--no-record", action="store_true", help="do not record; a port is recorded otherwise")
    options = parser.parse_args(words)

    import asyncio

    from sniffer.terminal import has_terminal, keyboard_from_terminal

    if options.source is None and not has_terminal():
        print("usage: evse-sniff SOURCE; the list to choose one from needs a terminal", file=sys.stderr)
        return USAGE_ERROR

    from sniffer.definitions import definition_of
    from sniffer.picking import open_and_keep, pick_on_screen, pick_source
    from sniffer.pipeline import Pipeline
    from sniffer.recent import RecentFile
    from sniffer.session import Session, Sink
    from sniffer.settings import SettingsFile
    from sniffer.sources.capture import CaptureSource
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
        source, complaint = open_and_keep(name, options.baud, recent, follow=options.follow)

    recorder = _recorder(source, options.output, by_itself=not options.no_record)
    if recorder and options.output:
        # A file that cannot be written is told before the screen covers the terminal.
        asyncio.run(recorder.open())

    def session_for(sink: Sink) -> Session:
        pipeline = Pipeline(definition, baud=_rate_of_reads(source))
        return Session(source, pipeline, [sink], idle=_idle(options), gather=LOOKED_AT, recorder=recorder)

    preferences = Preferences(
        settings.settings, settings.save, recent.recent.filters, recent.add_filter, (*notices, complaint)
    )
    saved = source if isinstance(source, CaptureSource) else None
    app = SnifferApp(session_for, definition, preferences, saved)
    _collect_seldom()
    app.run()
    if recorder:
        _tell_of_recording(recorder.state)
    return app.return_code or 0


def _recorder(
    source: "Source", output: str | None, *, by_itself: bool, told: Callable[[str], None] = lambda _: None
) -> "Recorder | None":
    """What saves the session: into the file that was named, or, where it is a port's, by itself."""
    from pathlib import Path

    from sniffer.recording.places import Folder, OneFile
    from sniffer.recording.recorder import Recorder
    from sniffer.sources.demo import DemoSource

    is_port = source.is_live and bool(source.baud) and not isinstance(source, DemoSource)
    if output is None and not (by_itself and is_port):
        return None
    place = Folder(source.name) if output is None else OneFile(Path(output))
    return Recorder(place, source.name, source.baud, lambda: source.zone, told)


def _tell_of_recording(recording: "Recording") -> None:
    """Where the session is, once the screen that showed it is gone; and what is not there."""
    if recording.failure:
        _shout(recording.failure)
    if recording.lost:
        print(f"evse-sniff: {recording.lost:,} packets could not be recorded", file=sys.stderr)
    if recording.path:
        _say_safely(f"recorded into {recording.path} ({recording.size:,} bytes)")


def _record(words: list[str]) -> int:
    parser = _parser("record", "Save a session as a capture, until it ends, Ctrl-C, or a limit that you give.")
    _add_source(parser)
    parser.add_argument("-o", dest="output", metavar="FILE", required=True, help="the capture, which is not there yet")
    parser.add_argument("--duration", type=_positive(float), metavar="SECONDS", help="stop after so long")
    parser.add_argument("--frames", type=_positive(int), metavar="N", help="stop after so many frames")
    options = parser.parse_args(words)

    import asyncio
    from pathlib import Path

    from sniffer.definitions import definition_of
    from sniffer.pipeline import Pipeline
    from sniffer.record import LimitedRecorder, record
    from sniffer.recording.places import OneFile
    from sniffer.session import Session
    from sniffer.sources.opening import open_source

    definition = definition_of(options.definition)
    source = open_source(options.source, baud=options.baud, follow=options.follow)
    place = OneFile(Path(options.output))
    recorder = LimitedRecorder(place, source.name, source.baud, lambda: source.zone, _shout, options.frames)
    pipeline = Pipeline(definition, baud=_rate_of_reads(source))
    session = Session(source, pipeline, [], idle=_idle(options), recorder=recorder)
    try:
        asyncio.run(record(session, recorder, options.duration, _say_safely))
    except CutOffError as error:
        _complain(error)
    finally:
        if recorder.state.path:
            _say_safely(recorder.summary)
    return 1 if recorder.state.failure else 0


def _say_safely(text: str) -> None:
    """Write a line that has names of files in it, which may hold anything."""
    from sniffer.printable import printable

    _say(printable(text))


def _shout(failure: str) -> None:
    """Tell what keeps the recording from going on, and, with an empty text, that it goes on."""
    from sniffer.printable import printable

    told = f"NOT RECORDED: {printable(failure)}" if failure else "recording again"
    print(f"evse-sniff: {told}", file=sys.stderr, flush=True)


def _collect_seldom() -> None:
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
    parser.add_argument("-o", dest="output", metavar="FILE", help="record the whole session into this capture as well")
    options = parser.parse_args(words)

    import asyncio

    from sniffer.definitions import definition_of
    from sniffer.dump import DumpSink
    from sniffer.pipeline import Pipeline
    from sniffer.session import Session
    from sniffer.sources.opening import open_source

    definition = definition_of(options.definition)
    # A filter that is wrong is told before a port is touched.
    query = None if options.filter is None else _query(options.filter, definition, lambda: source.zone)
    source = open_source(options.source, baud=options.baud, follow=options.follow)
    notes: dict[int, str] = {}
    sink = DumpSink(source, definition, _output(), as_json=options.json, query=query, notes=notes)
    recorder = _recorder(source, options.output, by_itself=False, told=_shout)
    session = Session(
        source,
        Pipeline(definition, baud=_rate_of_reads(source)),
        [sink],
        idle=_idle(options),
        notes=notes,
        late=sink.note,
        recorder=recorder,
    )
    _collect_seldom()
    try:
        if recorder:
            asyncio.run(recorder.open())
        asyncio.run(session.run())
    finally:
        if options.summary:
            sink.summarize(session.snapshot())
    return 0


def _convert(words: list[str]) -> int:
    from sniffer.formats.export import FORMATS

    told = "\n".join(f"  {known.ending:<10} {known.about}" for known in FORMATS)
    parser = _parser(
        "convert",
        "Write a saved session in another format. What IN is, its content decides.",
        f"what the ending of OUT means:\n{told}\n  .gz, .zst  behind any of them, the same packed",
    )
    parser.add_argument("source", metavar="IN", help="a saved session, packed or not, or - for raw bytes")
    parser.add_argument("path", metavar="OUT", help="the file to write")
    parser.add_argument("--force", action="store_true", help="replace OUT where it is there already")
    _add_definition(parser)
    options = parser.parse_args(words)

    from pathlib import Path

    from sniffer.converting.convert import convert
    from sniffer.definitions import definition_of

    definition = definition_of(options.definition)
    done = convert(options.source, Path(options.path), definition, replace=options.force, terminal=sys.stderr)
    if done.lost:
        print(f"evse-sniff: {done.lost}", file=sys.stderr)
    if done.error:
        raise done.error
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
    parser.add_argument("file", metavar="FILE", help="a saved session")
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
    _collect_seldom()
    with _place(options.output) as write:
        found = [read(source, definition, _rate_of_reads(source)) for source in sources]
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
    parser.add_argument("files", metavar="FILE", nargs="+", help="a saved session")
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
            asyncio.run(Session(source, Pipeline(definition, baud=_rate_of_reads(source)), [learner]).run())
    finally:
        # What was read of a file that ends too early counts as well, and a tap ends with Ctrl-C.
        _say(proposals(learner.learnt(), definition))
    return 0


def _wireshark(words: list[str]) -> int:
    parser = _parser("wireshark", "Print a dissector for Wireshark, in Lua, that shows the fields of our captures.")
    parser.add_argument("--install", action="store_true", help="write it to where Wireshark finds it")
    _add_definition(parser)
    options = parser.parse_args(words)

    from sniffer.definitions import definition_of
    from sniffer.wireshark.dissector import dissector
    from sniffer.wireshark.install import install

    text = dissector(definition_of(options.definition))
    _say(str(install(text)) if options.install else text.rstrip())
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
