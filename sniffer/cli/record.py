"""`record`: save a session as a capture, without a screen."""

from sniffer.base.errors import CutOffError
from sniffer.cli.options import add_source, build_parser, number_parser
from sniffer.cli.output import print_error, print_escaped, report_recording_state
from sniffer.cli.session_setup import idle_of, live_limits_of


def run(words: list[str]) -> int:
    """Record a session. Returns 1 if the recording failed, else 0."""
    parser = build_parser(
        "record", "Save a session as a capture, until it ends, Ctrl-C is pressed, or a limit is reached."
    )
    add_source(parser)
    parser.add_argument(
        "-o", dest="output", metavar="FILE", required=True, help="the capture to write; it must not exist yet"
    )
    parser.add_argument("--duration", type=number_parser(float), metavar="SECONDS", help="stop after this time")
    parser.add_argument("--frames", type=number_parser(int), metavar="N", help="stop after this number of frames")
    options = parser.parse_args(words)

    import asyncio
    from pathlib import Path

    from sniffer.commands.record import LimitedRecorder, record
    from sniffer.config.definition_files import load_definition
    from sniffer.recording.destination import SingleFile
    from sniffer.session import Session
    from sniffer.sources.open import open_sources, pipeline_for

    definition = load_definition(options.definition)
    source = open_sources(options.sources, baud=options.baud, follow=options.follow, share=options.share)
    destination = SingleFile(Path(options.output))
    recorder = LimitedRecorder(
        destination, source.name, source.baud, lambda: source.zone, report_recording_state, options.frames
    )
    session = Session(
        source, pipeline_for(source, definition, live_limits_of(options)), [], idle=idle_of(options), recorder=recorder
    )
    try:
        asyncio.run(record(session, recorder, options.duration, print_escaped))
    except CutOffError as error:
        print_error(error)
    finally:
        if recorder.state.path:
            print_escaped(recorder.summary)
    return 1 if recorder.state.is_incomplete else 0
