"""Links of other boards, with frames of each. The frames are facts from public sources, which are named beside them."""

import tomllib

from sniffer.base.toml_table import TomlTable
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.link_parser import parse_links
from sniffer.core.wire.link_set import LinkSet

BOARDS = """
[[link]]
name = "jbd"
heads = { "host>bms" = ["DD A5", "DD 5A"], "bms>host" = "DD" }
command = { at = 1, size = 1 }
length = { at = 3, size = 1, adds = 7 }
payload = 4
check = { name = "sum negated", size = 2, from = 2 }
tail = "77"

[[link]]
name = "tuya"
heads = { "mcu>module" = "55 AA", "module>mcu" = "55 AA" }
command = { at = 3, size = 1 }
length = { at = 4, size = 2, adds = 7 }
payload = 6
check = { name = "sum" }

[[link]]
name = "jk"
heads = { "bms>host" = "4E 57", "host>bms" = "4E 57" }
command = { at = 8, size = 1 }
length = { at = 2, size = 2, adds = 2 }
payload = 9
check = { name = "sum", size = 4 }

[[link]]
name = "modbus"
heads = { "master>slave" = "", "slave>master" = "" }
command = { at = 1, size = 1 }
payload = 2
check = { name = "CRC-16/MODBUS", order = "little" }
sizes = [
    { direction = "master>slave", commands = [1, 2, 3, 4, 5, 6], size = 8 },
    { direction = "master>slave", commands = [15, 16], length = { at = 6, size = 1, adds = 9 } },
    { direction = "slave>master", commands = [1, 2, 3, 4], length = { at = 2, size = 1, adds = 5 } },
    { direction = "slave>master", commands = [5, 6, 15, 16], size = 8 },
    { direction = "slave>master", commands = [0x81, 0x82, 0x83, 0x84], size = 5 },
]

[[link]]
name = "unchecked"
heads = { "a>b" = "A5 5A" }
length = { at = 2, size = 1, adds = 3 }
payload = 3
check = { name = "none" }
"""

FRAMES = {
    # "read basic information" of the JBD protocol, as its makers print it.
    "jbd": (bytes.fromhex("DD A5 03 00 FF FD 77"), "host>bms"),
    # The heartbeat of the Tuya serial protocol, from the module to the MCU.
    "tuya": (bytes.fromhex("55 AA 00 00 00 00 FF"), None),
    # "read all" of the JK protocol: its length counts all but the head.
    "jk": (bytes.fromhex("4E 57 00 13 00 00 00 00 06 03 00 00 00 00 00 00 68 00 00 01 29"), None),
    # A request for one register, its answer, and the answer of an unknown address (Modbus over serial line, 6.3).
    "modbus request": (bytes.fromhex("01 03 00 00 00 01 84 0A"), "master>slave"),
    "modbus answer": (bytes.fromhex("01 03 02 00 05 78 47"), "slave>master"),
    "modbus exception": (bytes.fromhex("01 83 02 C0 F1"), "slave>master"),
}


METER = """
[[link]]
name = "meter"
heads = { "master>meter" = "68", "meter>master" = "68" }
address = { at = 1, size = 6, order = "little" }
command = { at = 8 }
direction = { at = 8, "master>meter" = "0x00-0x7F", "meter>master" = "0x80-0xFF" }
length = { at = 9, adds = 12, most = 200 }
payload = 10
added = 0x33
check = { name = "sum" }
tail = "16"
order = "little"

[[command]]
direction = "master>meter"
code = 0x11
name = "read"
summary = "{identifier}"
fields = [{ name = "identifier", size = 4, show = "hex" }]

[[command]]
direction = "meter>master"
code = 0x91
name = "data"
answers = 0x11
summary = "{energy}"
fields = [
    { name = "identifier", size = 4, show = "hex" },
    { switch = "identifier", cases = [
        { values = 0x00010000, fields = [{ name = "energy", size = 4, type = "bcd", multiplier = 10, unit = "Wh" }] },
    ], otherwise = [{ name = "raw_data", size = "rest", type = "bytes" }] },
]

[[command]]
direction = "meter>master"
code = 0xD1
name = "refused"
answers = 0x11
summary = "{error}"
fields = [{ name = "error", size = 1 }]
"""
"""A meter that speaks DL/T 645-2007: each byte of its payloads is sent with 33h added."""


PACK = """
[[link]]
name = "pack"
heads = { "host>pack" = "", "pack>host" = "" }
delimiter = { begin = "7E", end = "0D", digits = "upper" }
address = { at = 1 }
command = { at = 3 }
direction = { at = 3, "host>pack" = "0x40-0xFF", "pack>host" = "0x00-0x0F" }
payload = 4
check = { name = "sum negated", size = 2, covers = "text" }

[[command]]
direction = "host>pack"
code = 0x42
name = "read values"
summary = "pack {pack}"
fields = [{ name = "length", size = 2, show = "hex" }, { name = "pack", size = 1 }]

[[command]]
direction = "pack>host"
code = 0x00
name = "values"
answers = 0x42
summary = "{voltage}, {current}, {probes}"
fields = [
    { name = "length", size = 2, show = "hex" },
    { names = ["flags", "pack", "cell_count"], size = 1 },
    { name = "cells", type = "list", count = "cell_count", most = 16, item = { size = 2, divisor = 1000, unit = "V" } },
    { name = "count", size = 1 },
    { name = "probes", type = "list", count = "count", item = { size = 2, zero = 2731, divisor = 10, unit = "°C" } },
    { name = "current", size = 2, type = "int", divisor = 10, unit = "A" },
    { name = "voltage", size = 2, divisor = 1000, unit = "V" },
    { name = "rest", size = "rest", type = "unknown" },
]
"""
"""A battery of Pylontech: whole frames are sent as digits, and the check is that of the digits."""


def load_links(text: str = BOARDS) -> LinkSet:
    """Return the links of a definition file."""
    return LinkSet((), frozenset()).with_entries(parse_links(TomlTable("my.toml", tomllib.loads(text))))


def framer_of(*names: str) -> Framer:
    """Return a framer for the boards of these names."""
    return Framer(route for route in load_links().routes_in_bytes if route.link.name in names)


ENDED = """
[[link]]
name = "scale"
heads = { "host>scale" = "02", "scale>host" = "02" }
delimiter = { end = "03" }
command = { at = 1 }
turn = { requests = "host>scale" }
payload = 2
check = { name = "xor", from = 1, behind = "end" }

[[link]]
name = "escaped"
heads = { "a>b" = "A5" }
delimiter = { end = "C0", escape = "DB", table = { "DC" = "C0", "DD" = "DB" } }
payload = 1
check = { name = "CRC-16/XMODEM", behind = "end" }

[[link]]
name = "plc"
heads = { "a>b" = "" }
delimiter = { begin = "10 02", end = "10 03", escape = "10" }
payload = 0
check = { name = "sum negated", behind = "end" }

[[link]]
name = "telegram"
heads = { "meter>host" = "2F" }
delimiter = { end = "21" }
payload = 1
check = { name = "CRC-16/ARC", digits = "upper", behind = "end" }
tail = "0D 0A"
longest = 2048

[[link]]
name = "terminal"
heads = { "a>b" = "" }
delimiter = { begin = "10 02", end = "10 03", escape = "10" }
payload = 0
check = { name = "CRC-16/KERMIT", order = "little", behind = "end", end_bytes = 1 }

[[link]]
name = "solar"
heads = { "solar>host" = "0D 0A 50 49 44 09" }
delimiter = { end = "43 68 65 63 6B 73 75 6D 09" }
payload = 6
check = { name = "sum negated", behind = "end" }

[[link]]
name = "open"
heads = { "a>b" = "01" }
delimiter = { end = "04" }
payload = 1
check = { name = "sum", digits = "upper", covers = "digits", from = 1, behind = "end", end_bytes = 0 }

[[command]]
link = "scale"
direction = "scale>host"
code = 0x57
name = "weight"
summary = "{weight}"
fields = [{ name = "weight", size = "rest", type = "ascii" }]
"""
"""Links whose check stands after the end of a frame, as on scales, with escapes, and in telegrams of meters."""

UNCHECKED = """
[[link]]
name = "gps"
heads = { "a>b" = "" }
delimiter = { begin = "10", end = "10 03", escape = "10" }
payload = 0
check = { name = "none" }

[[link]]
name = "display"
heads = { "a>b" = "" }
delimiter = { end = "FF FF FF" }
payload = 0
check = { name = "none" }
"""
"""Two links between delimiters, without a head and without a check."""
