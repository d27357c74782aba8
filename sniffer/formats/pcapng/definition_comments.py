"""The definitions that a capture was recorded with, as comments of its section: one for each, in their order.

Wireshark shows them among the properties of the file, and keeps them in a copy. Other comments of a section are those
of whoever wrote them, and are left alone.
"""

from collections.abc import Iterable

from sniffer.base.late_pattern import compile_late
from sniffer.core.protocol.definition_origin import DIGEST_SIZE, DefinitionOrigin
from sniffer.formats.pcapng.blocks import OPT_COMMENT, Option, text_option

PREFIX = "evse-sniff definition: "
_BOARD, _FILE = "board", "file"
_ORIGIN = compile_late(rf"{PREFIX}(.{{1,255}}) \(({_BOARD}|{_FILE}), sha256 ([0-9a-f]{{{DIGEST_SIZE}}})\)")


def format_origins(origins: Iterable[DefinitionOrigin]) -> list[Option]:
    """Return the comments of a section that was recorded with these definitions."""
    return [
        text_option(
            OPT_COMMENT,
            f"{PREFIX}{origin.name[-255:]} ({_BOARD if origin.is_board else _FILE}, sha256 {origin.digest})",
        )
        for origin in origins
    ]


def parse_origins(comments: Iterable[str]) -> tuple[DefinitionOrigin, ...]:
    """Return the definitions that the comments of a section name. Other comments are passed over."""
    found = (_ORIGIN.fullmatch(comment) for comment in comments)
    return tuple(DefinitionOrigin(match[1], match[2] == _BOARD, match[3]) for match in found if match)
