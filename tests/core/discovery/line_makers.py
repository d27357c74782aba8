"""Lines whose check stands after their end, laid out as public manuals say, with payloads that are made up."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sniffer.core.wire.checks import ByteOrder, build_sum
from tests.core.discovery.makers import Build, crc, slow, total

STX, ETX, ACK = b"\2", b"\3", b"\6"
DLE_ETX = b"\x10\3"


@dataclass(frozen=True)
class LineMaker:
    """A protocol: how its frames are built, and what is to be found in them.

    `end` and `begin` are in hexadecimal, `covered` is what the check covers of the end. `check` is its name, the size
    of its number, its order and its first byte.
    """

    build: Build
    heads: tuple[str, ...]
    end: str
    covered: str
    check: tuple[str, int, ByteOrder, int]
    digits: str | None = None
    tail: str = ""
    begin: str = ""
    is_certain: bool = True


def xor(data: bytes) -> bytes:
    return bytes([build_sum("xor", 1)(data)])


def digits(data: bytes) -> bytes:
    return data.hex().upper().encode()


def between(check: Callable[[bytes], bytes], body: bytes, head: bytes = STX, end: bytes = ETX) -> bytes:
    """Return a frame whose check covers all from after the head to the end."""
    return head + body + end + check(body + end)


def stuffed(check: Callable[[bytes], bytes], body: bytes) -> bytes:
    """Return a frame between DLE STX and DLE ETX, and the DLE ACK of the other side."""
    return b"\x10\2" + body.replace(b"\x10", b"\x10\x10") + DLE_ETX + check(body) + b"\x10" + ACK


def readout(chance: random.Random, turn: int) -> bytes:
    """IEC 62056-21: data sets of a meter, and its block check."""
    rows = (b"%d.8.0(%09.3f*kWh)\r\n" % (row, 1234.5 + turn / 7 + row) for row in range(chance.choice([2, 3, 5])))
    return between(xor, b"".join(rows) + b"!\r\n")


def programming(chance: random.Random, turn: int) -> bytes:
    """IEC 62056-21: a command in programming mode from SOH on, whose answer begins with STX."""
    name = chance.choice([b"1.8.0", b"2.8.0", b"32.7", b"0.2.0"])
    return between(xor, b"R1\2%s()" % name, b"\1") + between(xor, b"%s(%08.2f)" % (name, chance.random() * 1000))


def melsec(chance: random.Random, turn: int) -> bytes:
    """FX by Mitsubishi, programming port: requests and answers with a sum in digits; ACK after a write."""

    def add(body: bytes) -> bytes:
        return between(lambda data: digits(total("sum", 1, data)), body)

    address, size = 0x1000 + 2 * chance.randrange(60), chance.choice([2, 4, 8])
    if turn % 4 == 0:
        return add(b"1%04X%02X" % (address, size) + digits(chance.randbytes(size))) + ACK
    return add(b"0%04X%02X" % (address, size)) + add(digits(slow(chance, turn, size)))


def telegram(chance: random.Random, turn: int) -> bytes:
    """DSMR of Dutch meters: from `/` to `!`, and four digits of a CRC over both."""
    rows = (b"1-0:%d.8.1(%010.3f*kWh)\r\n" % (row, 123.4 + turn / 9) for row in range(1, chance.choice([3, 5])))
    text = b"/ISk5\\2MT382-1000\r\n\r\n1-3:0.2.8(50)\r\n" + b"".join(rows) + b"!"
    return text + digits(crc("CRC-16/ARC", text, "big")) + b"\r\n"


def laboratory(chance: random.Random, turn: int) -> bytes:
    """ASTM E1381: numbered frames of an analyser, a sum in digits and a line end; each is answered by ACK."""
    rows = (b"H|\\^&|||GEM|||P|1|%04d" % turn, b"R|1|^^^GLU|%.1f|mg" % (chance.random() * 200))[: turn % 2 + 1]
    frames = (
        between(lambda data: digits(total("sum", 1, data)), b"%d%s\r" % (number, row))
        for number, row in enumerate(rows, 1)
    )
    return b"\5" + ACK + b"".join(frame + b"\r\n" + ACK for frame in frames) + b"\4"


def monitor(chance: random.Random, turn: int) -> bytes:
    """NEC displays: from SOH to ETX, a check, and CR."""
    body = b"0A0C06\2" + chance.choice([b"0010", b"0060", b"0062"])
    answer = b"00AD12\2" + b"00%s000064%04X" % (body[-4:], chance.randrange(100))
    return between(xor, body, b"\1") + b"\r" + between(xor, answer, b"\1") + b"\r"


def balance(chance: random.Random, turn: int) -> bytes:
    """Toledo scales, continuous output: the check covers STX and CR."""
    text = STX + bytes([0x2C, chance.choice([0x30, 0x38]), 0x20]) + b"%6d%6d\r" % (chance.randrange(200, 20000), 150)
    return text + total("sum negated", 1, text)


def allen_bradley(chance: random.Random, turn: int) -> bytes:
    """DF1 with its block check, which covers no ETX."""
    size = chance.choice([4, 8])
    body = b"\x13\x05\x0f\0" + turn.to_bytes(2, "little") + b"\xa2\x04\x07\x89" + bytes([chance.randrange(9), 0])
    answer = b"\x05\x13\x4f\0" + turn.to_bytes(2, "little") + slow(chance, turn, size)
    return b"".join(stuffed(lambda data: total("sum negated", 1, data), one) for one in (body, answer))


def terminal(chance: random.Random, turn: int) -> bytes:
    """ZVT of payment terminals: the CRC covers the content without escapes, and ETX."""
    amount = bytes.fromhex(f"{chance.randrange(100, 99999):012}")
    rows = (b"\6\1\7\4" + amount, b"\4\xff\3" + bytes([chance.randrange(20), 1, 2]), b"\4\x0f\x0b\x27\0\4" + amount)
    return b"".join(stuffed(lambda data: crc("CRC-16/KERMIT", data + ETX, "little"), row) for row in rows)


def controller(chance: random.Random, turn: int) -> bytes:
    """3964R of Siemens: DLE answers STX and the check, which covers the content with its escapes and DLE ETX."""
    body = b"ED\5" + turn.to_bytes(2, "big") + chance.randbytes(chance.choice([3, 6, 10]))
    sent = body.replace(b"\x10", b"\x10\x10") + DLE_ETX
    return STX + b"\x10" + sent + xor(sent) + b"\x10"


def blocks(chance: random.Random, turn: int) -> bytes:
    """ASTM E1381: a frame that another one continues ends with ETB."""
    return between(lambda data: digits(total("sum", 1, data)), b"%dR|%d|GLU" % (turn % 8, turn), end=b"\x17") + b"\r\n"


def unended(chance: random.Random, turn: int) -> bytes:
    """Invented sensor whose check covers neither STX nor ETX."""
    body = b"W%d;%d" % (chance.randrange(9), chance.randrange(10 ** chance.choice([2, 4, 6])))
    return STX + body + ETX + crc("CRC-16/XMODEM", body, "big")


def binary(chance: random.Random, turn: int) -> bytes:
    """Invented board with bytes of any value but STX and ETX in its frames, of three sizes."""
    body = bytes(byte | 4 for byte in b"\x40" + chance.randbytes(chance.choice([3, 6, 9])))
    return between(lambda data: crc("CRC-16/IBM-3740", data, "big"), body)


def paired(chance: random.Random, turn: int) -> bytes:
    """Invented board with frames of two sizes."""
    request, answer = bytes([0x40 + turn % 9]) + chance.randbytes(1), bytes([0x50 + turn % 9]) + chance.randbytes(7)
    return b"".join(between(xor, bytes(byte | 4 for byte in body)) for body in (request, answer))


LINES: Mapping[str, LineMaker] = {
    "meter": LineMaker(readout, ("02",), "03", "03", ("xor", 1, "big", 1)),
    "programming": LineMaker(programming, ("01", "02"), "03", "03", ("xor", 1, "big", 1)),
    "melsec": LineMaker(melsec, ("02",), "03", "03", ("sum", 1, "big", 1), "upper"),
    "telegram": LineMaker(telegram, ("2f",), "21", "21", ("CRC-16/ARC", 2, "big", 0), "upper", "0d0a"),
    "laboratory": LineMaker(laboratory, ("02",), "03", "03", ("sum", 1, "big", 1), "upper", "0d0a"),
    "monitor": LineMaker(monitor, ("01",), "03", "03", ("xor", 1, "big", 1), tail="0d"),
    "balance": LineMaker(balance, ("02",), "0d", "0d", ("sum negated", 1, "big", 0)),
    "DF1": LineMaker(allen_bradley, (), "1003", "", ("sum negated", 1, "big", 0), begin="1002"),
    "ZVT": LineMaker(terminal, (), "1003", "03", ("CRC-16/KERMIT", 2, "little", 0), begin="1002"),
    "3964R": LineMaker(controller, ("02",), "1003", "1003", ("xor", 1, "big", 2)),
    "blocks": LineMaker(blocks, ("02",), "17", "17", ("sum", 1, "big", 1), "upper", "0d0a"),
    "no end": LineMaker(unended, ("02",), "03", "", ("CRC-16/XMODEM", 2, "big", 1)),
    "binary": LineMaker(binary, ("02",), "03", "03", ("CRC-16/IBM-3740", 2, "big", 1), is_certain=False),
    "two sizes": LineMaker(paired, ("02",), "03", "03", ("xor", 1, "big", 1), is_certain=False),
}
"""Protocols by name."""
