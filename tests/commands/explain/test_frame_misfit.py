"""Why bytes are no frame of a link that a file describes: the part that differs is named."""

import pytest

from sniffer.commands.explain.frame_misfit import list_misfits
from sniffer.commands.explain.frame_text import describe_noise, parse_frames
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.wire.frame import Noise, Reason

BOARDS = """
[[link]]
name = "pack"
heads = { "host>bms" = "A5", "bms>host" = "A5" }
direction = { at = 1, "host>bms" = 0x40, "bms>host" = 1 }
length = { at = 2, adds = 4, least = 2, most = 8, multiple_of = 2 }
payload = 3
check = { name = "sum" }

[[link]]
name = "rack"
heads = { "host>rack" = "5A" }
command = { at = 1 }
sizes = [{ commands = [1], size = 4 }, { commands = [2], length = { at = 2, adds = 3 } }]
payload = 2
check = { name = "none" }
tail = "0D"

[[link]]
name = "brief"
heads = { "a>b" = "B7" }
length = { at = 1 }
longest = 20
payload = 3
check = { name = "CRC-16/XMODEM" }

[[link]]
name = "line"
heads = { "host>evse" = "24", "evse>host" = "24" }
delimiter = { end = "0D" }
direction = { at = 1, "host>evse" = "0x41-0x4D", "evse>host" = 0x4F }
payload = 2
check = { name = "xor", digits = "upper", mark = "5E" }

[[link]]
name = "escaped"
heads = { "c>d" = "" }
delimiter = { begin = "10 02", end = "10 03", escape = "10" }
payload = 0
check = { name = "sum" }
"""
ROUTES = load(packaged_files(), [("my.toml", BOARDS)]).links.routes_in_bytes


@pytest.mark.parametrize(
    ("sent", "misfit"),
    [
        ("A5", "pack: a frame has at least 2 bytes here, and there are 1"),
        ("A5 40", "pack: a frame has at least 3 bytes here, and there are 2"),
        ("A5 02 02 01 01 AB", "pack: no direction has the number 0x02 at 1"),
        ("A5 01 01 05 AC", "pack: the number 0x01 at 2 is no length: these are from 2 to 8, multiples of 2"),
        ("A5 01 04 05 AC", "pack: a frame has at least 8 bytes here, and there are 5"),
        ("A5 01 02 05 06 B2", "pack: of 6 bytes, the check at 5 is B2, and that of its bytes B3"),
        ("A5 01 02 05 06 B2 77", "pack: of the first 6 bytes, the check at 5 is B2, and that of its bytes B3"),
        ("A5 01 02 05 06 B3", "pack: head, sizes and check are right, but not its direction"),
        ("5A 03 00", "rack: no size is known of its command"),
        ("5A 01 00 0A", "rack: its 4 bytes end with 0A, and not with the tail"),
        ("5A 01 00 0D", "rack: it has no check, and no head follows it"),
        ("5A 02", "rack: a frame has at least 3 bytes here, and there are 2"),
        (
            "A5 01 02 05 06 0E",
            "pack: of 6 bytes, the check at 5 is 0E, and that of its bytes B3; it is that of the bytes from 1 on",
        ),
        (
            "B7 05 01 BB 94",
            "brief: of 5 bytes, the check at 3 is BB 94, and that of its bytes 94 BB; "
            "it is that of the bytes from 0 on in the other byte order",
        ),
        (
            "A5 01 02 05 06 4D",
            "pack: of 6 bytes, the check at 5 is 4D, and that of its bytes B3; "
            'it is the check "sum negated" of the bytes from 0 on',
        ),
        (
            "B7 05 01 03 76",
            "brief: of 5 bytes, the check at 3 is 03 76, and that of its bytes 94 BB; "
            'it is the check "CRC-16/MODBUS" of the bytes from 0 on in the other byte order',
        ),
        (
            "B7 05 01 6F 31",
            "brief: of 5 bytes, the check at 3 is 6F 31, and that of its bytes 94 BB; "
            'it is the check "CRC-16/KERMIT" of the bytes from 1 on',
        ),
        ("B7 04 00 00", "brief: the number 0x04 at 1 makes 4 bytes, and a frame has 5 without its payload"),
        ("B7 15 00 00", "brief: the number 0x15 at 1 makes 21 bytes, and the longest frame has 20"),
        ("24 58 5E 37 43 0D", "line: no direction has the number 0x58 at 1"),
        ("0D 24 58 5E 37 43 0D", "line: no direction has the number 0x58 at 1"),
        ("24 4F 5E 36 42", "line: it does not end with 0D, as a frame does"),
        ("24 4F 0D", "line: its content has 2 bytes, and that of a frame 5 or more"),
        ("24 4F 5E 36 43 0D", "line: of 5 bytes, the check at 2 is 5E 36 43, and that of its bytes 5E 36 42"),
        ("10 02 01 02", "escaped: it does not end with 10 03, as a frame does"),
        ("10 02 01 02 10 03", "escaped: of 2 bytes, the check at 1 is 02, and that of its bytes 01"),
    ],
)
def test_the_part_that_differs_is_named(sent: str, misfit: str) -> None:
    assert [*list_misfits(bytes.fromhex(sent), ROUTES)] == [f"  {misfit}"]


def test_a_right_check_is_not_called_wrong() -> None:
    other = bytes.fromhex("A5 02 02 05 06 B4")
    assert [*describe_noise(Noise(Reason.CRC, None, other), ROUTES)] == [
        "no frame: A5 02 02 05 06 B4",
        "  pack: no direction has the number 0x02 at 1",
    ]


def test_a_frame_that_was_cut_off_says_how_long_it_is() -> None:
    assert [*describe_noise(Noise(Reason.TRUNCATED, None, b"\xa5\x01\x04"), ROUTES)] == [
        "a frame that was cut off: A5 01 04",
        "  pack: a frame has at least 8 bytes here, and there are 3",
    ]


def test_a_frame_and_its_end_are_explained_together() -> None:
    line = bytes.fromhex("24 58 5E 37 43 0D")
    assert [*parse_frames(line, ROUTES)] == [
        "no frame: 24 58 5E 37 43 0D",
        "  line: no direction has the number 0x58 at 1",
    ]


def test_the_links_of_the_package_are_left_out() -> None:
    routes = load(packaged_files(), []).links.routes_in_bytes
    assert [*list_misfits(b"\xbb\xdd\xdd\xdd\x01", routes)] == []
