"""The arrow before a frame, as text recognition prints it."""

import pytest

from sniffer.core.mending.frame_arrow import find_arrow
from sniffer.core.wire.links import COM_TO_OCPP, COM_TO_PWR, OCPP_TO_COM, PWR_TO_COM

PWR, DBUS = "BB DD DD 32 06 59 2A 59", "FF 6A A6 64 41 00 04 [00 00]"


@pytest.mark.parametrize(
    ("text", "routes"),
    [
        (f"<=pwrboard:{PWR}", (PWR_TO_COM,)),
        (f"≤pwrboard:{PWR}", (PWR_TO_COM,)),
        (f"<pwrboard:{PWR}", (PWR_TO_COM,)),
        (f"=pwrboard:{PWR}", (PWR_TO_COM,)),
        (f"sspwrboard:{PWR}", (PWR_TO_COM,)),
        ("<>pwrboard:aA EE EE 04", (COM_TO_PWR,)),
        ("= >pwrboard:AA EE EE 04", (COM_TO_PWR,)),
        (f"⇒Dbus:{DBUS}", (OCPP_TO_COM,)),
        (f"<sDbus:{DBUS}", (COM_TO_OCPP,)),
        (f"<xbus:{DBUS}", (COM_TO_OCPP,)),
        (f"~>DbUS+{DBUS}", (OCPP_TO_COM,)),
        (f"=>DbUsi{DBUS}", (OCPP_TO_COM,)),
        (f"=Dbus:{DBUS}", (OCPP_TO_COM, COM_TO_OCPP)),
    ],
)
def test_an_arrow_shows_its_routes(text, routes):
    arrow = find_arrow(text)
    assert arrow
    assert arrow.routes == routes
    assert arrow.start == 0
    assert text[arrow.hex_start :] in (PWR, DBUS, "aA EE EE 04", "AA EE EE 04")
    assert text.startswith(arrow.printed)


def test_an_arrow_is_found_after_what_is_not_readable():
    text = f"Font oe eO8:12:0040000 [cqmproc] <=pwrboard:{PWR}"
    arrow = find_arrow(text)
    assert arrow
    assert text[arrow.start : arrow.hex_start] == arrow.printed == "<=pwrboard:"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "=>",
        "<=Dbus:",
        f"=>other:{PWR}",
        f"board:{PWR}",
        "pwrboard:88 DD DD 32 06",
        "the pwrboard is new",
        "=Dbus:00 11 22 33",
        f"{'- ' * 200}<=pwrboard:{PWR}",
    ],
)
def test_a_text_without_a_certain_arrow_has_none(text):
    assert find_arrow(text) is None
