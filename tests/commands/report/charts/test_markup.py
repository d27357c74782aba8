"""Markup: only what is built as markup is markup; everything else is text."""

from hypothesis import given
from hypothesis import strategies as st

from sniffer.commands.report.charts.markup import Markup, element, join_markup, to_markup


def test_text_is_escaped_and_made_printable() -> None:
    assert to_markup('<b>"&\x1b[31m') == to_markup(to_markup('<b>"&\x1b[31m'))
    assert "<" not in to_markup("<b>")
    assert "\x1b" not in to_markup("\x1b")


@given(st.text())
def test_no_text_becomes_markup(text: str) -> None:
    shown = element("p", text, title=text)
    assert shown.count("<") == shown.count(">") == 2
    assert shown.count('"') == 2


def test_elements_hold_elements() -> None:
    assert element("p", element("b", "x"), 1) == "<p><b>x</b>1</p>"
    assert join_markup([Markup("<br>"), "<"]) == "<br>&lt;"


def test_names_of_attributes() -> None:
    assert element("text", class_="a", text_anchor="end") == '<text class="a" text-anchor="end"></text>'


def test_numbers_are_as_short_as_they_are_exact_enough() -> None:
    assert element("a", x=1.0, y=0.126, z=10, w=100.0) == '<a x="1" y="0.13" z="10" w="100"></a>'
