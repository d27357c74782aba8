# ruff: noqa: E501
"""A definition of a user with every type of field, and frames that have ordinary, extreme and wrong values in them.

Its link ends frames with a delimiter and has escapes, so that the places of fields are not those of the bytes.
"""

import random
from collections.abc import Iterator
from pathlib import Path

from sniffer.core.protocol.definition import Command, Definition
from sniffer.core.protocol.loader import load, packaged_files

EVERY_TYPE = Path(__file__).with_suffix(".toml").read_text("utf-8")

EXACT = {
    "numbers": [
        "00 C0 0000000000000000 80 FFFFFFFFFFFFFF7F 123456 8000 0AAA 2710 6400 8000 0180 8000000000000000 1234 "
        "9999999999999999 561234 00123478 030201 00 00 02 000000000000 000000000000",
        "FF DB FFFFFFFFFFFFFFFF 7F 0000000000000080 C0DBC0 FFFF 0AAB 2711 0000 8005 0080 FFFFFFFFFFFFFFFF 0000 "
        "0000000000000000 00C0DB 1A0000C0 C0DBC0 02 05 1A FFFFFFFFFFFF FFFFFFFFFFFF",
        "01 02 0020000000000001 FF 0100000000000020 000000 0001 0000 270F FFFF 0005 0500 0020000000000001 1A00 "
        "12345678901234AB ABCDEF 00000000 000000 C0 07 77 000001000001 800000000000",
    ],
    "texts": [
        "41425C00 0A00 C3A4C3B6E4B8ADE29885E280 E95C20202020 BBAA5C41A1A18041 C0DBC0 0102 6162 00 F09F9880 5C C2A0",
        "000000000000 EDA080C0AFF0808080F58080 202020202020 FEFEFF81400000 00 000000 0000 00",
        "746573740D0A CC81E2808D20410D0A1B00DB C0DB80A0ADFF 8130813181 7FC0DB DBC0DB C0C0 61 0000 00",
    ],
    "times": [
        "00000000 0000000000000000 000000010100 000101 0000 07E80501 0500",
        "FFFFFFFF 000000003AFFF4417F 595923311299 77020C 173B 00000101 0000",
        "80436D38 000000000000003C 0A0000010100 FF0C1F 183C 270F0C1F 1A00",
        "00EE1D66 0000FFFFFFFFFFFF 000000290223 2B021D 0000 07E7021D 1234",
        "00EE1D66 FFFFFFFFFFFFFFFF 000000300224 2C021D 0505 0834021D FFFF",
    ],
    "floats": [
        "43663334 34336643 33344366 66433433 40091EB851EB851F 851F51EB1EB84009 08FC0000 000200010000 0100000000000000 12345678 "
        "3F800000 BF000000",
        "7FC00000 0000807F 00007FC0 C0FF0100 FFF0000000000000 0001000000007FF0 00000000 FFFFFFFFFFFF FFFFFFFFFFFFFFFF C0DBC0DB "
        "7F800000 FF800000 7FC00001",
        "00000001 FFFF7F7F FFFF7F7F 00800000 7FE0000000000000 0001000000000000 FFFFFFFF 000000008000 0080000000000000 00000000 "
        "80000000",
        "4B800000 00000080 00000080 7F7FFFFF 4340000000000000 0000000000003CB0 00000001 000000000000 7F00000000000000 FFFFFFFF "
        "2F800000 4CBEBC20 5D5E0B6B",
    ],
    "decimals": [
        row.encode("latin-1").hex()
        for row in (
            "232.9097,  -1.51.234*1*05ok\r\nA\xc01/B\xc0-2.50/7",
            "-00.0-0,0001.00-0*-0.0*00\r\n\xc0/\xc0+.5/-0",
            "abc\xdb 1.2.3,      123456789012345*12345678901234.5*-7\r\n\xc0 1 /\xc0./1234567890123456",
            "1e5  0x10,\xff-\0 1 *000000000000001*-9.9x\r\r\n\xc01-/\xc0--1/",
            "232.9097,  -1.5no star here and no end",
            "232.9097,  -1.51.234*1*05ok\r\nA\xc01/B\xc0-2.507",
            "1.",
        )
    ],
    "words": [
        row.encode("latin-1").hex()
        for row in (
            "2   00x1f4:C0\x09Aone; Btw1.5,2,-03!",
            "002  \0AbC:02\x04A; B,,!",
            "192 +2 FFFFFFFFFFFF:7F\0!",
            "-0 -3 1234567890123:xx\0,!",
            "3 2.0:  \x081; 2; 3; 1!",
            "2.0 \xc0\xdb\xff-1:\xc00\x0b1; 2; 3; 41!",
            "1 x\0\0 1F :0x\0001,2,3,4,5!",
            "0  9\xff",
            "2",
        )
    ],
    "labels": [
        row.encode("latin-1").hex()
        for row in (
            "V\0\x05I\t-1.5\r\n\xc4\tword\r\nB\t\r\n",
            "kV\xc0\xc4\t\xdb\r\nX\t5\r\n",
            "A\0\x01\x02I\t1\r\nI\t2\r\n",
            "??B\tx",
            "A\0\1",
            "  X\t",
            "V",
        )
    ],
    "bits": [
        "0000 0000000000000000 00",
        "FFFF FFFFFFFFFFFFFFFF FF",
        "C0DB C0DB000102DBC0FF 14",
        "0312 8000000080000000 04",
    ],
    "lists": [
        "01 0CE4 0CE5 04 0180 C000 02 DBC0 14020008FC 6501010D 66020400000005 670502C0DB",
        "00 00 00",
        "05 0001 0002 0003 0004 0005 00 00",
        "00 0CE4 03 018002 00",
        "00 0CE4 03 0180",
        "00 08 0102030405060708 00",
        "00 00 05 0102",
        "00 00 00 14020001 00 14020001 00",
        "00 00 00 0101010101010101010101010101010101010101",
    ],
    "choices": ["03", "01 4142", "02 0102 09 C0DB", "03 0102", "01 41", "02 0102 09", "", "01 4142 09 C0DB 77"],
}
"""Payloads by command, in hexadecimal: zeros, the greatest numbers, wrong digits and wrong sizes among them."""


def load_every_type() -> Definition:
    """Return the packaged definition with this one over it."""
    return load(packaged_files(), [("every.toml", EVERY_TYPE)])


def list_frames(definition: Definition, *, drawn: int = 4) -> Iterator[bytes]:
    """Yield the frames with the payloads above, and so many of each command with drawn bytes; the draw is fixed."""
    draw = random.Random(20)
    for command in definition.commands:
        if command.route.link.name == "every":
            payloads = [*map(bytes.fromhex, EXACT[command.name])]
            longest = max(map(len, payloads))
            payloads += [
                draw.randbytes(draw.choice([longest, longest, draw.randint(0, longest)])) for _ in range(drawn)
            ]
            for number, payload in enumerate(payloads):
                yield build_frame(command, payload, sequence=number)


def build_frame(command: Command, payload: bytes, *, sequence: int = 0) -> bytes:
    """Return the frame of a command with this payload."""
    link, route = command.route.link, command.route
    return link.build(route.head, sequence, command.code, payload, direction=route.direction)
