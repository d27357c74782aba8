"""The sentences of the extcap interface: what Wireshark's grammar can hold."""

import pytest

from sniffer._version import __version__
from sniffer.commands.wireshark.extcap_interface import format_sentence, is_plain, list_interfaces, list_link_types


def test_the_interface_and_its_link_type_are_listed():
    assert list(list_interfaces()) == [
        f"extcap {{version={__version__}}}{{display=evse-sniff}}",
        "interface {value=evse-sniff}{display=EV charger serial bus}",
    ]
    assert list(list_link_types()) == ["dlt {number=250}{name=RTAC_SERIAL}{display=RTAC serial line}"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", "plain"),
        ("a{b}c", "a(b)c"),
        ("}\ninterface {value=x}", ")?interface (value=x)"),
        ("a\x1b[1m", "a?[1m"),
    ],
)
def test_a_text_cannot_end_its_sentence(text, written):
    assert format_sentence("value", display=text) == f"value {{display={written}}}"
    assert is_plain(text) == (text == written)
