"""`explain`: print what a code, a name, a frame or a log line means."""

from collections.abc import Sequence

from sniffer.base.type_checking import TYPE_CHECKING
from sniffer.cli.options.mend_option import add_mend
from sniffer.cli.options.parser import build_parser
from sniffer.cli.options.source_options import add_definition
from sniffer.cli.output import print_line, print_prefixed

if TYPE_CHECKING:
    from sniffer.core.protocol.definition import Definition


_MISREAD = "it looks misread, as in a photographed log: --mend mends it"
_FEWEST_SPACES = 6
"""The spaces in the text of the shortest frame."""


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

    from sniffer.base.errors import ExplainError
    from sniffer.commands.explain.explain import explain, explain_json
    from sniffer.config.definition_files import load_definition

    definition = load_definition(options.definition)
    what: Sequence[str] = options.what
    mended = None
    if options.mend:
        from sniffer.commands.explain.mended_words import describe_mending, mend_words

        what, mended = mend_words(what, definition)
        if mended:
            print_prefixed(describe_mending(mended))
    try:
        text = explain_json(what, definition, mended) if options.json else explain(what, definition)
    except ExplainError as error:
        if options.mend or not _are_mendable(what, definition):
            raise
        raise ExplainError(f"{error} ({_MISREAD})") from error
    print_line(text)
    if not options.mend and _are_mendable(what, definition):
        print_prefixed(_MISREAD)
    return 0


def _are_mendable(words: Sequence[str], definition: "Definition") -> bool:
    """Return True if the words are a frame that was misread."""
    text = " ".join(words)
    if text.count(" ") < _FEWEST_SPACES or not text.strip("0123456789abcdefABCDEF ,:-"):
        return False
    from sniffer.commands.explain.mended_words import mend_words

    mended = mend_words(words, definition).mended
    return mended is not None and mended.has_crc
