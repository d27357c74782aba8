"""Frames as public protocols have them, with payloads as boards send them: counters, text, values that hardly change.

The layouts are facts from the makers' data sheets and from the projects named beside them; the payloads are made up.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sniffer.core.wire.checks import ByteOrder, build_sum, list_crcs

Build = Callable[[random.Random, int], bytes]
"""Builds the frames that are sent in one turn, of which the second argument is the number."""


@dataclass(frozen=True)
class Maker:
    """A protocol: how its frames are built, and what is to be found in them.

    `length` is that of `LengthFit`: offset, size, order and what is added. `check` is None if there is none of those
    that are looked for.
    """

    build: Build
    heads: tuple[str, ...]
    length: tuple[int, int, ByteOrder, int]
    check: tuple[str, int, ByteOrder, int] | None
    tail: str = ""


def crc(name: str, data: bytes, order: ByteOrder) -> bytes:
    parameters = list_crcs()[name]
    return parameters.compute(data).to_bytes(parameters.width // 8, order)


def total(name: str, size: int, data: bytes) -> bytes:
    return build_sum(name, size)(data).to_bytes(size, "big")


def slow(chance: random.Random, turn: int, size: int) -> bytes:
    """Return values as boards send them: most stay, some count or move a little, many bytes are zero."""
    fixed = random.Random(size).randbytes(size)
    values = [0 if at % 3 == 0 else byte for at, byte in enumerate(fixed)]
    for at in range(0, size, 4):
        values[at] = (fixed[at] + turn // (1 + at) + chance.randrange(3)) & 255
    return bytes(values)


def jbd(chance: random.Random, turn: int) -> bytes:
    """JBD battery management, syssi/esphome-jbd-bms: `DD A5` asks, `DD` code answers; tail 77."""
    code, size = chance.choice([(3, 27), (4, 8), (4, 32), (5, 19)])
    asked = b"\xa5" + bytes([code, 0])
    payload = slow(chance, turn, size)
    body = bytes([0, len(payload)]) + payload
    answer = b"\xdd" + bytes([code]) + body + total("sum negated", 2, body) + b"\x77"
    return b"\xdd" + asked + total("sum negated", 2, asked[1:]) + b"\x77" + answer


def jk(chance: random.Random, turn: int) -> bytes:
    """JK battery management, syssi/esphome-jk-bms: `4E 57`, length of all but the head, sum of four bytes."""
    payload = bytes(4) + bytes([3, 0, 1]) + slow(chance, turn, chance.choice([12, 20, 33, 61])) + bytes(3) + b"\x68"
    body = b"NW" + (len(payload) + 6).to_bytes(2, "big") + payload
    return body + total("sum", 4, body)


def ant(chance: random.Random, turn: int) -> bytes:
    """ANT battery management, syssi/esphome-ant-bms: `7E A1`, CRC from the second byte on, tail `AA 55`."""
    payload = slow(chance, turn, chance.choice([6, 16, 24, 40]))
    body = b"\x7e\xa1\x11" + (0x1205 + turn).to_bytes(2, "little") + bytes([len(payload)]) + payload
    return body + crc("CRC-16/MODBUS", body[1:], "little") + b"\xaa\x55"


def tuya(chance: random.Random, turn: int) -> bytes:
    """Tuya serial protocol: `55 AA`, version, command, length of two bytes, sum."""
    command = chance.choice([0, 1, 7, 7, 6, 8])
    size = {0: 1, 1: 0, 8: 0}.get(command, 4 + chance.choice([1, 1, 4, 8]))
    body = b"\x55\xaa" + bytes([3, command]) + size.to_bytes(2, "big") + slow(chance, turn, size)
    return body + total("sum", 1, body)


def ld2410(chance: random.Random, turn: int) -> bytes:
    """HLK-LD2410 radar: four head bytes, length with the low byte first, no check, four tail bytes."""
    payload = b"\x02\xaa" + slow(chance, turn, chance.choice([9, 9, 33, 12])) + b"\x55\x00"
    return b"\xf4\xf3\xf2\xf1" + len(payload).to_bytes(2, "little") + payload + b"\xf8\xf7\xf6\xf5"


def sds011(chance: random.Random, turn: int) -> bytes:
    """Nova SDS011 dust sensor: ten bytes, sum of the six data bytes, tail AB."""
    fine, coarse = chance.randrange(100, 140), chance.randrange(200, 290)
    data = fine.to_bytes(2, "little") + coarse.to_bytes(2, "little") + b"\xa1\x60"
    return b"\xaa\xc0" + data + total("sum", 1, data) + b"\xab"


def pms5003(chance: random.Random, turn: int) -> bytes:
    """Plantower PMS5003 dust sensor: 32 bytes; its length never changes."""
    values = b"".join(chance.randrange(40 * (at % 4 + 1)).to_bytes(2, "big") for at in range(12)) + b"\x97\x00"
    body = b"BM" + (28).to_bytes(2, "big") + values
    return body + total("sum", 2, body)


def mhz19(chance: random.Random, turn: int) -> bytes:
    """Winsen MH-Z19 carbon dioxide sensor: nine bytes, the two's complement of the sum from the second byte on.

    With the first byte FF, that is also the one's complement of the sum of all bytes. The second byte is the command.
    """
    body = b"\xff\x86" + chance.randrange(400, 900).to_bytes(2, "big") + bytes([chance.randrange(60, 66), 0, 0, 0])
    return body + total("sum negated", 1, body[1:])


def daly(chance: random.Random, turn: int) -> bytes:
    """Daly battery management: thirteen bytes; the address tells the directions, so that the second byte differs."""
    command = chance.choice([0x90, 0x91, 0x92, 0x93, 0x95])
    asked, answer = (b"\xa5" + bytes([who, command, 8]) for who in (0x40, 0x01))
    answer += slow(chance, turn, 8)
    asked += bytes(8)
    return asked + total("sum", 1, asked) + answer + total("sum", 1, answer)


def cm1106(chance: random.Random, turn: int) -> bytes:
    """Cubic CM1106 carbon dioxide sensor, its data sheet: `11` asks and `16` answers, each with its length and sum.

    The only request always has the same bytes.
    """
    asked, answer = b"\x11\x01\x01", b"\x16\x05\x01" + chance.randrange(400, 900).to_bytes(2, "big") + bytes(2)
    return asked + total("sum negated", 1, asked) + answer + total("sum negated", 1, answer)


def lock(chance: random.Random, turn: int) -> bytes:
    """Boards for locks of lockers, their data sheets: `8A` asks, `80` answers, board, lock, state, exclusive or."""
    number = chance.randrange(1, 13)
    asked, answer = bytes([0x8A, 1, number, 0x11]), bytes([0x80, 1, number, chance.choice([0, 0x11])])
    return asked + total("xor", 1, asked) + answer + total("xor", 1, answer)


def msp(chance: random.Random, turn: int) -> bytes:
    """MultiWii serial protocol of flight controllers: `$M<` asks, `$M>` answers, length, command, exclusive or."""
    command, size = chance.choice([(100, 7), (101, 11), (102, 18), (108, 6), (110, 7)])
    asked, answer = bytes([0, command]), bytes([size, command]) + slow(chance, turn, size)
    return b"$M<" + asked + total("xor", 1, asked) + b"$M>" + answer + total("xor", 1, answer)


def mbus(chance: random.Random, turn: int) -> bytes:
    """M-Bus (EN 13757-2): `68`, the length twice, `68`, a sum of what follows, and `16`; payloads have zeros."""
    payload = b"\x08" + bytes([1 + turn % 2]) + b"\x72" + slow(chance, turn, chance.choice([20, 40, 33]))
    return bytes([0x68, len(payload), len(payload), 0x68]) + payload + total("sum", 1, payload) + b"\x16"


def gree(chance: random.Random, turn: int) -> bytes:
    """Air conditioners of Gree, piotrva/esphome_gree_ac: `7E 7E`, length, command, a sum from the length on."""
    command, size = chance.choice([(1, 44), (2, 20), (0x31, 44), (0x33, 12)])
    body = bytes([size + 2, command]) + slow(chance, turn, size)
    return b"~~" + body + total("sum", 1, body)


def r200(chance: random.Random, turn: int) -> bytes:
    """Readers of UHF tags with the R200 chip, its manual: `BB`, type, command, length of two bytes, sum, `7E`."""
    tag = random.Random(turn % 5).randbytes(12)
    parts = [(0, 0x22, b""), (2, 0x22, b"\xc5\x34\x00" + tag + chance.randbytes(2)) if turn % 3 else (1, 0xFF, b"\x15")]
    bodies = (bytes([kind, command]) + len(found).to_bytes(2, "big") + found for kind, command, found in parts)
    return b"".join(b"\xbb" + body + total("sum", 1, body) + b"\x7e" for body in bodies)


def pn532(chance: random.Random, turn: int) -> bytes:
    """NXP PN532 card reader, its manual: `00 00 FF`, LEN, LCS, data, DCS, `00`; few different frames, which repeat."""

    def wrap(covered: bytes) -> bytes:
        size = len(covered)
        return bytes([0, 0, 0xFF, size, -size & 255]) + covered + total("sum negated", 1, covered) + b"\0"

    card = bytes.fromhex("010100040804") + random.Random(turn % 6).randbytes(4)
    answer = b"\xd5\x4b" + (card if turn % 3 else b"\x00")
    return wrap(b"\xd4\x4a\x01\x00") + bytes.fromhex("0000ff00ff00") + wrap(answer)


def toshiba(chance: random.Random, turn: int) -> bytes:
    """Air conditioners of Toshiba, pedobry/esphome_toshiba_suzumi: `02`, five bytes, length, sum negated."""
    command = chance.choice([0x80, 0xA0, 0xB0, 0xBB, 0xBE])
    out = b""
    for found in (b"\x01\x30\x01\x00\x01", b"\x01\x30\x01\x00\x02\x03" + bytes([chance.randrange(16, 32)])):
        body = b"\x00\x03\x10\x00\x00" + bytes([len(found) + 1]) + found + bytes([command])
        out += b"\x02" + body + total("sum negated", 1, body)
    return out


def pzem(chance: random.Random, turn: int) -> bytes:
    """Peacefair PZEM-004T 3.0 meter, its manual: Modbus RTU at address F8; all registers are asked for at once."""
    asked, answer = bytes.fromhex("f80400000009"), bytes.fromhex("f80412") + slow(chance, turn, 18)
    return b"".join(body + crc("CRC-16/MODBUS", body, "little") for body in (asked, answer))


def fronius(chance: random.Random, turn: int) -> bytes:
    """Fronius Interface Protocol, its manual: `80` three times, length, device, number, command, a sum of these."""
    command = chance.choice([0x10, 0x11, 0x12, 0x14])
    value = chance.randrange(3000).to_bytes(2, "big") + bytes([chance.choice([0, 1, 255])])
    bodies = (bytes([len(found), 1, 1, command]) + found for found in (b"", value))
    return b"".join(b"\x80\x80\x80" + body + total("sum", 1, body) for body in bodies)


def hpma115(chance: random.Random, turn: int) -> bytes:
    """Honeywell HPMA115 dust sensor, its data sheet: 32 bytes like those of PMS5003, with zeros before the sum."""
    body = b"BM\x00\x1c" + b"".join(chance.randrange(60).to_bytes(2, "big") for _ in range(4)) + bytes(18)
    return body + total("sum", 2, body)


def zwave(chance: random.Random, turn: int) -> bytes:
    """Z-Wave serial API, INS12350: `01`, length, kind, command, exclusive or of these and `FF`, `06`."""
    size = chance.choice([3, 5, 8])
    sent = b"\x00\x13" + bytes([chance.choice([3, 5, 9]), size]) + slow(chance, turn, size) + bytes([0x25, turn & 255])
    bodies = (
        bytes([len(found) + 2]) + found for found in (sent, b"\x01\x13\x01", bytes([0, 0x13, turn & 255, 0, 0, 2]))
    )
    return b"".join(b"\x01" + body + total("xor inverted", 1, body) + b"\x06" for body in bodies)


def text(chance: random.Random, turn: int) -> bytes:
    """Build frames of a made-up board whose payload is text: `55`, command, length, text, CRC."""
    degrees = f"{20 + chance.random() * 5:.{chance.randrange(4)}f}"
    payload = f"T={degrees};S={turn};{'OK' if turn % 7 else 'ERROR 17'}".encode()
    body = b"\x55" + bytes([0x10 + turn % 2, len(payload)]) + payload
    return body + crc("CRC-16/XMODEM", body, "big")


def escape(payload: bytes, end: bytes, sent: Mapping[bytes, bytes]) -> bytes:
    """Return the bytes between two ends, with escapes. The escape itself is the first of `sent`."""
    for byte, instead in sent.items():
        payload = payload.replace(byte, instead)
    return end + payload + end


def slip(chance: random.Random, turn: int) -> bytes:
    """SLIP (RFC 1055): no length; the end and the escape are sent as two bytes."""
    payload = slow(chance, turn, chance.choice([6, 9, 17])) + chance.randbytes(3)
    payload += crc("CRC-16/IBM-SDLC", payload, "little")
    return escape(payload, b"\xc0", {b"\xdb": b"\xdb\xdd", b"\xc0": b"\xdb\xdc"})


def hdlc(chance: random.Random, turn: int) -> bytes:
    """HDLC with bytes that are stuffed (RFC 1662): address, control, payload, frame check sequence."""
    payload = b"\xff\x03" + slow(chance, turn, chance.choice([6, 9, 17])) + chance.randbytes(3)
    payload += crc("CRC-16/IBM-SDLC", payload, "little")
    return escape(payload, b"\x7e", {b"\x7d": b"\x7d\x5d", b"\x7e": b"\x7d\x5e"})


def unchecked_slip(chance: random.Random, turn: int) -> bytes:
    """SLIP with a head and no check."""
    payload = b"\x42" + slow(chance, turn, chance.choice([6, 9, 17])) + chance.randbytes(12)
    return escape(payload, b"\xc0", {b"\xdb": b"\xdb\xdd", b"\xc0": b"\xdb\xdc"})


def nmea(chance: random.Random, turn: int) -> bytes:
    """NMEA 0183: a line of text with a check of two digits."""
    text = f"GPGGA,{turn:06d}.00,{chance.randrange(10**6)},N,{chance.randrange(10**6)},E,1".encode()
    return b"$" + text + f"*{build_sum('xor', 1)(text):02X}\r\n".encode()


def lines(chance: random.Random, turn: int) -> bytes:
    """Build lines of a text log: no frames at all."""
    return f"{turn:05d} state={chance.choice(['idle', 'run', 'stop'])} u={chance.randrange(220, 240)}\r\n".encode()


MAKERS: Mapping[str, Maker] = {
    "jbd": Maker(jbd, ("dd",), (3, 1, "big", 7), ("sum negated", 2, "big", 2), "77"),
    "jk": Maker(jk, ("4e57",), (2, 2, "big", 2), ("sum", 4, "big", 0)),
    "ant": Maker(ant, ("7ea1",), (5, 1, "big", 10), ("CRC-16/MODBUS", 2, "little", 1), "aa55"),
    "tuya": Maker(tuya, ("55aa",), (4, 2, "big", 7), ("sum", 1, "big", 0)),
    "ld2410": Maker(ld2410, ("f4f3f2f1",), (4, 2, "little", 10), None, "f8f7f6f5"),
    "sds011": Maker(sds011, ("aac0",), (0, 0, "big", 10), ("sum", 1, "big", 2), "ab"),
    "pms5003": Maker(pms5003, ("424d",), (2, 2, "big", 4), ("sum", 2, "big", 0)),
    "mhz19": Maker(mhz19, ("ff",), (0, 0, "big", 9), ("sum negated", 1, "big", 1)),
    "daly": Maker(daly, ("a5",), (3, 1, "big", 5), ("sum", 1, "big", 0)),
    "cm1106": Maker(cm1106, ("11", "16"), (1, 1, "big", 3), ("sum negated", 1, "big", 0)),
    "lock": Maker(lock, ("80", "8a"), (0, 0, "big", 5), ("xor", 1, "big", 0)),
    "msp": Maker(msp, ("244d3c", "244d3e"), (3, 1, "big", 6), ("xor", 1, "big", 3)),
    "mbus": Maker(mbus, ("68",), (1, 1, "big", 6), ("sum", 1, "big", 4), "16"),
    "gree": Maker(gree, ("7e7e",), (2, 1, "big", 3), ("sum", 1, "big", 2)),
    "r200": Maker(r200, ("bb",), (3, 2, "big", 7), ("sum", 1, "big", 1), "7e"),
    "pn532": Maker(pn532, ("0000ff",), (3, 1, "big", 7), ("sum negated", 1, "big", 5), "00"),
    "toshiba": Maker(toshiba, ("02",), (6, 1, "big", 8), ("sum negated", 1, "big", 1)),
    "pzem": Maker(pzem, ("f8",), (2, 1, "big", 5), ("CRC-16/MODBUS", 2, "little", 0)),
    "fronius": Maker(fronius, ("808080",), (3, 1, "big", 8), ("sum", 1, "big", 3)),
    "hpma115": Maker(hpma115, ("424d",), (2, 2, "big", 4), ("sum", 2, "big", 0)),
    "zwave": Maker(zwave, ("01",), (1, 1, "big", 2), ("xor inverted", 1, "big", 1), "06"),
    "text": Maker(text, ("55",), (2, 1, "big", 5), ("CRC-16/XMODEM", 2, "big", 0)),
}
"""The protocols that can be found."""

UNKNOWABLE: Mapping[str, Build] = {"lines": lines}
"""Traffic that no head, length and check describe."""


def make_traffic(build: Build, seed: int, turns: int = 100, noise: float = 0.05) -> bytes:
    """Return the bytes of so many turns, with damage and noise between them."""
    chance, out = random.Random(seed), bytearray()
    for turn in range(turns):
        sent = bytearray(build(chance, turn))
        if chance.random() < noise:
            sent[chance.randrange(len(sent))] ^= chance.randrange(1, 256)
        if chance.random() < noise:
            out += chance.randbytes(chance.randrange(1, 20))
        out += sent
    return bytes(out)
