"""Our interface in Wireshark's list, and the sentences in which an extcap program answers (extcap(4)).

Wireshark starts the program each time it lists its interfaces, and waits for it. So this module imports nothing that
takes time to load.
"""

from collections.abc import Iterator

from sniffer._version import __version__
from sniffer.base.late_pattern import compile_late

INTERFACE = "evse-sniff"
"""The name of the interface: `tshark -i evse-sniff`."""

LINK_TYPE = 250
"""The link type of the captures: RTAC serial."""

NOTHING = "none"
"""The value of a list in which no port is chosen."""

AUTO = "auto"
"""The value of the rate that is found by trying."""

_DISPLAY = "EV charger serial bus"
_RESERVED = compile_late(r"[{}\x00-\x1f\x7f-\x9f\u2028\u2029]")
_BRACES = {"{": "(", "}": ")"}


def format_sentence(kind: str, **values: str | int) -> str:
    """Return one sentence, such as `dlt {number=250}{name=RTAC_SERIAL}`.

    There is no way to quote, so braces are written as round brackets, and control characters as question marks.
    """
    return f"{kind} " + "".join(f"{{{name}={_make_plain(str(value))}}}" for name, value in values.items())


def is_plain(text: str) -> bool:
    """Return True if a sentence holds this text as it is."""
    return not _RESERVED.search(text)


def list_interfaces() -> Iterator[str]:
    """Yield the answer to `--extcap-interfaces`."""
    yield format_sentence("extcap", version=__version__, display="evse-sniff")
    yield format_sentence("interface", value=INTERFACE, display=_DISPLAY)


def list_link_types() -> Iterator[str]:
    """Yield the answer to `--extcap-dlts`."""
    yield format_sentence("dlt", number=LINK_TYPE, name="RTAC_SERIAL", display="RTAC serial line")


def _make_plain(text: str) -> str:
    return _RESERVED.sub(lambda found: _BRACES.get(found[0], "?"), text)
