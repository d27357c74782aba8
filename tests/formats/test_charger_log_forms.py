"""The forms in which other programs print the bytes of a frame after an arrow of the charger's log."""

import pytest

from sniffer.core.wire.links import PWR_TO_COM
from tests.formats.test_charger_log import frame_of

HEX = "BB 00 06 0B 02 00 00 EF 3B"
FRAME = bytes.fromhex(HEX)


@pytest.mark.parametrize(
    "form",
    [
        *[HEX.replace(" ", mark) for mark in (",", ", ", ":", "-", ";", "|", "_", ".", "", "  ", " 0x", ",0x")],
        *["0x" + HEX.replace(" ", mark) for mark in (" 0x", ",0x", ", 0x")],
        *[f"{{{HEX}}}", f'"{HEX}"', r"\x" + HEX.replace(" ", r"\x"), HEX.replace(" ", "h ") + "h", HEX.lower()],
        *[f"{count} {HEX}" for count in ("[9]", "(9)", "9:", "9 bytes:", "[09]", "09", "[09]:")],
        *[
            str(list(FRAME)),
            str([byte - 256 if byte > 127 else byte for byte in FRAME]),
            repr(FRAME),
            repr(bytearray(FRAME)),
        ],
        *[
            str([f"{byte:02x}" for byte in FRAME]),
            str(list(map(hex, FRAME))).replace("'", '"'),
            " ".join(map(str, FRAME)),
        ],
        *[f"{HEX} (9 bytes)", f"{HEX}  |........;|", f": {HEX}", f"{HEX}.", "BB,00,06,[0B,02],00,00,EF,3B", f"{HEX};"],
    ],
)
@pytest.mark.parametrize("arrow", ["<=pwrboard:", "<= pwrboard: ", "<=PWRBOARD :"])
def test_the_bytes_of_a_frame_may_be_printed_in_another_form(arrow: str, form: str) -> None:
    assert frame_of(arrow + form) == (bytes.fromhex(HEX), PWR_TO_COM)


@pytest.mark.parametrize(
    "text",
    [
        "timeout",
        "12 errors in 300 of 400",
        "[300, 20, 30]",
        f"[8]: {HEX}",
        f"{HEX} D",
        f"{HEX} and more",
        "['0xbb', '0xdd']",
        "0x",
        f"{HEX} ...",
    ],
)
def test_what_is_no_bytes_after_an_arrow_stays_text(text: str) -> None:
    assert frame_of(f"<=pwrboard:{text}")[0] is None


@pytest.mark.parametrize(
    ("text", "data"), [(f"[08] {HEX}", "08" + HEX), ("08 11 22 33 44 55 66 77 88", "0811223344556677 88")]
)
def test_a_first_byte_that_is_no_count_stays(text: str, data: str) -> None:
    assert frame_of(f"<=pwrboard:{text}")[0] == bytes.fromhex(data)
