"""`explain`: print what a code, a name, a frame or a log line means."""

from collections.abc import Sequence

from sniffer.cli.options.mend_option import add_mend
from sniffer.cli.options.parser import build_parser
from sniffer.cli.options.source_options import add_definition
from sniffer.cli.output import print_line, print_prefixed


def run(words: list[str]) -> int:
    """Print the explanation of the words. Returns 0."""
    parser = build_parser(
        "explain",
        "Explain what a code (decimal, 0x04, 04h), a name, a frame in hex, a log line or an OCPP message means.",
    )
    parser.add_argument(
        "what",
        metavar="WHAT",
        nargs="+",
        help="14,2097672   0x200208   'BB DD DD 32 ...'   CX006   '[2,\"id\",\"StatusNotification\",{...}]'",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_definition(parser)
    add_mend(parser)
    options = parser.parse_args(words)

    from sniffer.commands.explain.explain import explain, explain_json
    from sniffer.config.definition_files import load_definition

    format_explanation = explain_json if options.json else explain
    definition = load_definition(options.definition)
    what: Sequence[str] = options.what
    if options.mend:
        from sniffer.commands.explain.mended_words import describe_mending, mend_words

        what, mended = mend_words(what, definition)
        if mended:
            print_prefixed(describe_mending(mended))
    print_line(format_explanation(what, definition))
    return 0
