"""Compile the filters that are given on the command line, such as `--filter EXPR` and `--exec EXPR COMMAND`."""

import sys

from sniffer.base.errors import QueryError
from sniffer.base.type_checking import TYPE_CHECKING
from sniffer.cli.options.parser import USAGE_ERROR
from sniffer.cli.output import print_error

if TYPE_CHECKING:
    from sniffer.core.protocol.definition import Definition
    from sniffer.filter.predicates import Filter
    from sniffer.filter.time_values import Zone


def compile_filter_argument(text: str, definition: "Definition", zone: "Zone") -> "Filter":
    """Return the compiled filter.

    A wrong filter ends the command with exit status 2 after its place is marked on standard error.
    """
    from sniffer.filter.compiler import compile_filter
    from sniffer.filter.tokens import underline
    from sniffer.filter.vocabulary import Vocabulary

    try:
        return compile_filter(text, Vocabulary(definition, zone))
    except QueryError as error:
        print_error(error)
        print(*underline(text, error), sep="\n", file=sys.stderr)
        raise SystemExit(USAGE_ERROR) from error
