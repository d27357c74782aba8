"""Reasons why a text holds no bytes that can be read, and what to type to get them.

In: the first lines of a text that no reader understands. Out: one sentence if it was made from bytes by a known
program, else nothing.
"""

import re
from collections.abc import Sequence

from sniffer.base.late_pattern import compile_late
from sniffer.formats.text_files.tables.byte_table import is_number_table

_ROW = compile_late(r"\s*[0-9A-Fa-f]{6,16}:?(?P<body>(?:\s+\S+)+)\s*")
_NAMES = compile_late(r"\s(?:nul|soh|stx|etx|eot|enq|ack|bel|dle|dc[1-4]|nak|syn|etb|can|sub|esc|del)(?=\s|$)")
_NUMBER = compile_late(r"[-+]?[0-9][0-9.eE+-]*")
_FEWEST_ROWS = 0.5
_SHORTEST_LINE, _FEWEST_CHARACTERS = 16, 8
_BASE32 = compile_late(r"[A-Z2-7]+=*")
_BASE64 = compile_late(r"[A-Za-z0-9+/]+=*")
_CALL_WITHOUT_BYTES = compile_late(r"\b(?:read|write)\((?:fd: )?[^\"]*, buf: 0x[0-9a-f]+")
_HEX = compile_late(r"[0-9A-Fa-f]+")
_CARETS, _EIGHTH = compile_late(r"\^[@-_]"), compile_late(r"M-[\^ -~]")
_FEWEST_CODES = 3
_CHECKSUM = compile_late(r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128}) [ *][\w./-]*[A-Za-z]\w*")
_FOREIGN = {
    "a certificate or a key: there is no session in it": ("-----BEGIN ", " Signature Algorithm: "),
    "networks that were found: there is no session in it": ("Cell 01 - Address: ",),
    "a crash of a kernel: there is no session in it": ("Internal error: Oops", "---[ end trace ", "Call Trace:"),
    "packets without their bytes: export them with "
    "`tshark -r FILE -T fields -e frame.time_epoch -e usb.capdata -e data.data`": ("<psml ",),
}
"""Texts of other kinds by what they are and what to do, with words that only they have."""

_PACKET_LINE = compile_late(r"(?:\d\d:\d\d:\d\d\.\d+ )?IP6? \S+ > \S+: ")
_PACKET_ROW = compile_late(r"\s+0x0000:\s+[46][0-9a-f]{3} ")
_PASSED_ON = compile_late(r"[<>] \d{4}/\d\d/\d\d [\d:.]+ {2}length=\d+ from=\d+ to=\d+")


def is_encoded(lines: Sequence[str]) -> bool:
    """Return True if all lines are Base32 or Base64, whose letters may look like bytes."""
    filled = [line for line in lines if line.strip()]
    return bool(filled) and any(_is_made_of(filled, kind) for kind in (_BASE32, _BASE64))


def _is_made_of(lines: Sequence[str], kind: re.Pattern[str]) -> bool:
    """Return True if all lines but the last are equally long and in this encoding, and none of them is hex."""
    *whole, last = lines
    is_even = len({len(line) for line in whole}) <= 1 and max(_SHORTEST_LINE, len(last)) <= len(lines[0])
    has_variety = len(set("".join(lines))) >= _FEWEST_CHARACTERS
    return is_even and has_variety and all(map(kind.fullmatch, lines)) and not all(map(_HEX.fullmatch, lines))


def is_checksum_list(lines: Sequence[str]) -> bool:
    """Return True if all lines are checksums of files, as `sha256sum` prints them."""
    filled = [line for line in lines if line.strip()]
    return bool(filled) and all(map(_CHECKSUM.fullmatch, filled))


def is_network_dump(lines: Sequence[str]) -> bool:
    """Return True if these are packets of a network with their headers, as `tcpdump -X` prints them."""
    return any(map(_PACKET_ROW.match, lines)) and any(map(_PACKET_LINE.search, lines))


def describe_foreign_text(lines: Sequence[str]) -> str:
    """Return the kind of a text of another program without frames, and what to do; empty if it is not known."""
    shown = "\n".join(lines)
    return next((what for what, signs in _FOREIGN.items() if any(sign in shown for sign in signs)), "")


def describe_misfit(lines: Sequence[str]) -> str:
    """Return the kind of these lines and the way to print their bytes; empty if that is not known."""
    filled = [line for line in lines if line.strip()]
    if foreign := describe_foreign_text(filled):
        return foreign
    if is_encoded(lines):
        name = "base32" if _is_made_of(filled, _BASE32) else "base64"
        return f"a text in {name}: decode it first, with `{name} -d` into FILE.bin, or FILE.pcapng if it is a capture"
    if any(map(_CALL_WITHOUT_BYTES.search, filled)):
        return (
            "a trace of system calls without their bytes: trace with `strace -tt -e read,write -xx -s 4096 -o FILE.txt`"
        )
    if any(map(_PASSED_ON.match, filled)):
        return "what `socat -v` prints, in which not all bytes are shown: print them with `socat -x -v`"
    if is_checksum_list(lines):
        return "checksums of files: there is no session in it"
    if is_network_dump(lines):
        return (
            "packets of a network with their headers: print what they carry, with "
            "`tshark -r FILE -T fields -e frame.time_epoch -e udp.payload -e tcp.payload`"
        )
    if any(line.count("Time[") > 1 for line in filled[:1]):
        return "decoders side by side, each with times of its own: export one to a file, and read them with `--join`"
    if is_number_table(filled):
        return "a table of numbers, of which no column is bytes by its name, such as `data` or `hex`"
    text = "\n".join(filled)
    if len(_CARETS.findall(text)) >= _FEWEST_CODES <= len(_EIGHTH.findall(text)):
        return "bytes as `cat -v` prints them, which may also be characters: print them with `xxd`"
    rows = [found["body"] for line in filled if (found := _ROW.fullmatch(line))]
    if not rows or len(rows) < _FEWEST_ROWS * len(filled):
        return ""
    if any(map(_NAMES.search, rows)):
        return "a dump of `od -a`, which leaves out one bit of each byte: print it with `od -A x -t x1z -v` or `xxd`"
    if all(_NUMBER.fullmatch(word) for word in rows[0].split()):
        return "a dump of numbers that do not show the bytes: print it with `od -A x -t x1z -v` or `xxd`"
    return ""
