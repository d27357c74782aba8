"""The forms in which other programs print the bytes of a frame behind an arrow of the charger's log."""

import pytest

from sniffer.core.wire.links import PWR_TO_COM
from tests.formats.test_charger_log import frame_of

HEX = "BB 00 06 0B 02 00 00 EF 3B"


@pytest.mark.parametrize(
    "form",
    [
        *[HEX.replace(" ", mark) for mark in (",", ", ", ":", "-", ";", "|", "_", ".", "", "  ", " 0x", ",0x")],
        *["0x" + HEX.replace(" ", mark) for mark in (" 0x", ",0x", ", 0x")],
        *[f"{{{HEX}}}", f'"{HEX}"', r"\x" + HEX.replace(" ", r"\x"), HEX.replace(" ", "h ") + "h", HEX.lower()],
        *[f"{HEX} (9 bytes)", f"{HEX}  |........;|", f": {HEX}", f"{HEX}.", "BB,00,06,[0B,02],00,00,EF,3B", f"{HEX};"],
    ],
)
@pytest.mark.parametrize("arrow", ["<=pwrboard:", "<= pwrboard: ", "<=PWRBOARD :"])
def test_the_bytes_of_a_frame_may_be_printed_in_another_form(arrow: str, form: str) -> None:
    assert frame_of(arrow + form) == (bytes.fromhex(HEX), PWR_TO_COM)


@pytest.mark.parametrize("text", ["timeout", f"{HEX} D", f"{HEX} and more", "['0xbb', '0xdd']", "0x", f"{HEX} ..."])
def test_what_is_no_bytes_behind_an_arrow_stays_text(text: str) -> None:
    assert frame_of(f"<=pwrboard:{text}")[0] is None
