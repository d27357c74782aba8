"""The name of a new recording, for `-o` of all commands that record: its ending must not promise another format."""

import argparse


def add_output(parser: "argparse._ActionsContainer", about: str, *, needed: bool = False) -> None:
    """Add `-o`; its value `output` is the name of a capture, None without it. `about` is its help text."""
    parser.add_argument("-o", dest="output", metavar="FILE", type=parse_capture_name, required=needed, help=about)


def parse_capture_name(text: str) -> str:
    """Return the name as it is. Raises `ArgumentTypeError`, which says what to type, if it has another ending.

    A name without an ending promises nothing, and is taken.
    """
    from pathlib import Path

    from sniffer.base.compression import COMPRESSIONS
    from sniffer.recording.destination import ENDING, is_packed_name

    path = Path(text)
    if not path.suffix or path.suffix.lower() == ENDING or is_packed_name(path):
        return text

    from sniffer.formats.registry import FORMATS

    plain = path.with_suffix("") if path.suffix.lower() in [one.ending for one in COMPRESSIONS] else path
    is_format = plain.suffix.lower() in [one.ending for one in FORMATS]
    base = plain.with_suffix("") if is_format or plain.suffix.lower() in _CLASSIC_ENDINGS else plain
    capture = f"{base}{ENDING}"
    advice = f"{text}: a recording is a capture in pcapng: name it {capture}, or {capture}.gz to have it packed"
    if is_format:
        advice += f"; afterwards `evse-sniff convert {capture} {text}` makes the other file"
    raise argparse.ArgumentTypeError(advice)


_CLASSIC_ENDINGS = (".pcap", ".cap")
"""The endings of captures in the classic format, which is another one."""
