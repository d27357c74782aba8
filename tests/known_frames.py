"""The known good frames (protocol.md, Known good frames) as data for golden tests: of the document and of a real log.

`text` is printed by the charger's log after the arrow. The parts are written out by hand and not computed from the
bytes, so that they test decoding and encoding independently.
"""

from dataclasses import dataclass

LINK_OF_ARROW = {"=>pwrboard": "pwrboard", "<=pwrboard": "pwrboard", "=>Dbus": "dbus", "<=Dbus": "dbus"}
DIRECTION_OF_ARROW = {"=>pwrboard": "com>pwr", "<=pwrboard": "pwr>com", "=>Dbus": "ocpp>com", "<=Dbus": "com>ocpp"}
HEAD_OF_ARROW = {"=>pwrboard": b"\xaa", "<=pwrboard": b"\xbb", "=>Dbus": b"\xff\x6a\xa6", "<=Dbus": b"\xff\x6a\xa6"}


@dataclass(frozen=True, slots=True)
class KnownFrame:
    """One frame as the log prints it, and its parts."""

    name: str
    arrow: str
    text: str
    sequence: int
    command: int
    payload: bytes = b""

    @property
    def link(self) -> str:
        return LINK_OF_ARROW[self.arrow]

    @property
    def direction(self) -> str:
        return DIRECTION_OF_ARROW[self.arrow]

    @property
    def head(self) -> bytes:
        return HEAD_OF_ARROW[self.arrow]

    @property
    def raw(self) -> bytes:
        return bytes.fromhex(self.text.replace("[", "").replace("]", ""))


BOOT_PAYLOAD = bytes.fromhex("00 00 02 00 00 00 00 00 00") + b"10427240" + bytes(17)

VERIFIED_FRAMES = (
    KnownFrame(
        name="charge point information answer",
        arrow="=>Dbus",
        text="FF 6A A6 FF FF 00 05 [00 21] 00 9C 18",
        sequence=0xFFFF,
        command=0x0021,
        payload=b"\x00",
    ),
    KnownFrame(
        name="announcement relay",
        arrow="<=Dbus",
        text="FF 6A A6 99 3B 00 04 [00 00] D6 B9",
        sequence=0x993B,
        command=0x0000,
    ),
    KnownFrame(
        name="announcement answer",
        arrow="=>pwrboard",
        text="AA 99 3B 00 22 00 00 02 00 00 00 00 00 00 31 30 34 32 37 32 34 30 00 00 00 00 00 00 00 00 00 00 00 00 00"
        " 00 00 00 00 AB 25",
        sequence=0x993B,
        command=0x00,
        payload=BOOT_PAYLOAD,
    ),
    KnownFrame(
        name="announcement relay answer",
        arrow="=>Dbus",
        text="FF 6A A6 99 3B 00 0A [00 00] 00 00 00 00 00 00 1B 1F",
        sequence=0x993B,
        command=0x0000,
        payload=bytes(6),
    ),
    KnownFrame(
        name="status notification",
        arrow="<=Dbus",
        text="FF 6A A6 61 D9 00 0F [00 01] 00 01 01 08 0E 20 02 08 00 00 00 0B AE",
        sequence=0x61D9,
        command=0x0001,
        payload=bytes.fromhex("00 01 01 08 0E 20 02 08 00 00 00"),
    ),
    KnownFrame(
        name="acceptance relay",
        arrow="=>pwrboard",
        text="AA 00 54 2C 04 00 00 02 00 9E 6E",
        sequence=0x0054,
        command=0x2C,
        payload=bytes.fromhex("00 00 02 00"),
    ),
    KnownFrame(
        name="unasked acceptance request",
        arrow="<=Dbus",
        text="FF 6A A6 DD DD 00 05 [00 2D] 01 DC D8",
        sequence=0xDDDD,
        command=0x002D,
        payload=b"\x01",
    ),
    KnownFrame(
        name="status report answer",
        arrow="=>pwrboard",
        text="AA 61 D9 01 04 01 03 E7 00 63 49",
        sequence=0x61D9,
        command=0x01,
        payload=bytes.fromhex("01 03 E7 00"),
    ),
    KnownFrame(
        name="acceptance",
        arrow="=>Dbus",
        text="FF 6A A6 00 54 00 06 [00 2D] 02 00 A7 4C",
        sequence=0x0054,
        command=0x002D,
        payload=bytes.fromhex("02 00"),
    ),
    KnownFrame(
        name="status notification answer",
        arrow="=>Dbus",
        text="FF 6A A6 61 D9 00 04 [00 01] B8 95",
        sequence=0x61D9,
        command=0x0001,
    ),
    KnownFrame(
        name="phase voltages",
        arrow="<=pwrboard",
        text="BB DD DD 32 06 59 2A 59 68 59 AD 6B BC",
        sequence=0xDDDD,
        command=0x32,
        payload=bytes.fromhex("59 2A 59 68 59 AD"),
    ),
    KnownFrame(
        name="second announcement answer",
        arrow="=>pwrboard",
        text="AA 64 41 00 22 00 00 02 00 00 00 00 00 00 31 30 34 32 37 32 34 30 00 00 00 00 00 00 00 00 00 00 00 00 00"
        " 00 00 00 00 EA BF",
        sequence=0x6441,
        command=0x00,
        payload=BOOT_PAYLOAD,
    ),
    KnownFrame(
        name="second announcement relay",
        arrow="<=Dbus",
        text="FF 6A A6 64 41 00 04 [00 00] F1 75",
        sequence=0x6441,
        command=0x0000,
    ),
)
"""In the order of the document."""

STATUS_REPORT = KnownFrame(
    name="status report",
    arrow="<=pwrboard",
    text="BB 61 D9 01 0B 01 08 0E 00 00 00 04 00 09 1C 15 A3 33",
    sequence=0x61D9,
    command=0x01,
    payload=bytes.fromhex("01 08 0E 00 00 00 04 00 09 1C 15"),
)
"""`assumed`: only partly legible in the document, read so that the CRC fits."""

KNOWN_FRAMES = (*VERIFIED_FRAMES, STATUS_REPORT)
"""The frames of the service document."""

REAL_FRAMES = (
    KnownFrame(
        name="real status report",
        arrow="<=pwrboard",
        text="BB A9 C0 01 0B 01 01 06 00 00 00 00 00 09 2E 25 77 B0",
        sequence=0xA9C0,
        command=0x01,
        payload=bytes.fromhex("01 01 06 00 00 00 00 00 09 2E 25"),
    ),
    KnownFrame(
        name="real status answer",
        arrow="=>pwrboard",
        text="AA DA A7 01 04 01 03 E7 01 63 5C",
        sequence=0xDAA7,
        command=0x01,
        payload=bytes.fromhex("01 03 E7 01"),
    ),
    KnownFrame(
        name="real meter request",
        arrow="=>pwrboard",
        text="AA EE EE 04 01 01 BF 44",
        sequence=0xEEEE,
        command=0x04,
        payload=b"\x01",
    ),
    KnownFrame(
        name="real meter values",
        arrow="<=pwrboard",
        text="BB EE EE 04 1E 01 63 57 00 00 61 09 01 00 00 00 00 00 2E 00 01 61 09 01 00 00 00 00 00 00 00 00 00 00 00"
        " 97 A7",
        sequence=0xEEEE,
        command=0x04,
        payload=bytes.fromhex("01 63570000 6109 0100 00000000 2E 0001 6109 0100 0000 0000 0000 0000 0000"),
    ),
    KnownFrame(
        name="real meter request relay",
        arrow="=>Dbus",
        text="FF 6A A6 EE EE 00 07 [00 04] 00 01 01 47 C0",
        sequence=0xEEEE,
        command=0x0004,
        payload=bytes.fromhex("00 01 01"),
    ),
    KnownFrame(
        name="real meter values relay",
        arrow="<=Dbus",
        text="FF 6A A6 EE EE 00 24 [00 04] 00 01 01 00 00 57 63 09 61 00 01 00 00 00 00 00 00 00 00 00 09 61 00 01 00"
        " 00 00 00 2E 01 00 00 47 85",
        sequence=0xEEEE,
        command=0x0004,
        payload=bytes.fromhex("0001 01 00005763 0961 0001 000000000000000000 0961 0001 00000000 2E 010000"),
    ),
    KnownFrame(
        name="real ChangeAvailability",
        arrow="=>Dbus",
        text="FF 6A A6 96 DC 00 08 [00 0F] 00 01 01 01 F1 12",
        sequence=0x96DC,
        command=0x000F,
        payload=bytes.fromhex("00 01 01 01"),
    ),
    KnownFrame(
        name="real ChangeAvailability to the power board",
        arrow="=>pwrboard",
        text="AA 96 DC 0F 02 01 01 6B BF",
        sequence=0x96DC,
        command=0x0F,
        payload=b"\x01\x01",
    ),
    KnownFrame(
        name="real ChangeAvailability answer of the power board",
        arrow="<=pwrboard",
        text="BB 96 DC 0F 03 01 01 00 8C EB",
        sequence=0x96DC,
        command=0x0F,
        payload=b"\x01\x01\x00",
    ),
    KnownFrame(
        name="real ChangeAvailability answer",
        arrow="<=Dbus",
        text="FF 6A A6 96 DC 00 09 [00 0F] 00 01 01 01 00 C1 B0",
        sequence=0x96DC,
        command=0x000F,
        payload=bytes.fromhex("00 01 01 01 00"),
    ),
    KnownFrame(
        name="real acceptance request",
        arrow="<=pwrboard",
        text="BB EE EE 2D 01 01 36 96",
        sequence=0xEEEE,
        command=0x2D,
        payload=b"\x01",
    ),
    KnownFrame(
        name="real acceptance",
        arrow="=>pwrboard",
        text="AA 96 ED 2C 04 00 00 00 00 73 CE",
        sequence=0x96ED,
        command=0x2C,
        payload=bytes(4),
    ),
    KnownFrame(
        name="real card reader fault",
        arrow="=>pwrboard",
        text="AA FF FF FF 02 00 FF 85 C0",
        sequence=0xFFFF,
        command=0xFF,
        payload=b"\x00\xff",
    ),
    KnownFrame(
        name="real phase voltages",
        arrow="<=pwrboard",
        text="BB 00 00 32 06 5E 12 00 00 00 00 B2 24",
        sequence=0x0000,
        command=0x32,
        payload=bytes.fromhex("5E12 0000 0000"),
    ),
    KnownFrame(
        name="real start-up request",
        arrow="=>Dbus",
        text="FF 6A A6 00 06 00 0D [00 0B] 00 00 00 00 00 00 00 01 41 2F 1B",
        sequence=0x0006,
        command=0x000B,
        payload=bytes.fromhex("00 00 00 00 00 00 00 01 41"),
    ),
    KnownFrame(
        name="real start-up answer of the power board",
        arrow="<=pwrboard",
        text="BB 00 06 0B 02 00 00 EF 3B",
        sequence=0x0006,
        command=0x0B,
        payload=b"\x00\x00",
    ),
    KnownFrame(
        name="real end of status exchange",
        arrow="<=Dbus",
        text="FF 6A A6 3B 04 00 04 [50 09] 97 48",
        sequence=0x3B04,
        command=0x5009,
    ),
)
"""The frames of the real charger's log, in the order of protocol.md."""
