"""Markup: only what is built as markup is markup; everything else is text."""

from hypothesis import given
from hypothesis import strategies as st

from sniffer.commands.report.charts import markup
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


def test_underscores_in_names_of_attributes_become_hyphens() -> None:
    assert element("text", class_="a", text_anchor="end") == '<text class="a" text-anchor="end"></text>'


def test_numbers_are_as_short_as_they_are_exact_enough() -> None:
    assert element("a", x=1.0, y=0.126, z=10, w=100.0) == '<a x="1" y="0.13" z="10" w="100"></a>'


def test_tables_have_their_titles_and_cells() -> None:
    shown = markup.build_table(
        ("name", "count"), [("frames", "1"), ("<script>alert(1)</script>", "2")], numbers=("count",)
    )
    assert shown.count("<tr") == 3
    assert "<script" not in shown


def test_a_long_table_says_how_many_rows_are_left_out() -> None:
    rows = [(f"row {number}",) for number in range(markup.MOST_ROWS + 3)]
    assert "more, which the JSON form has" not in markup.build_table(("name",), rows[: markup.MOST_ROWS])
    shown = markup.build_table(("name",), rows)
    assert "and 3 more, which the JSON form has" in shown
    assert f"row {markup.MOST_ROWS - 1}<" in shown
    assert f"row {markup.MOST_ROWS}<" not in shown


def test_only_a_long_list_is_folded() -> None:
    content = Markup("<p>x</p>")
    assert markup.fold_list("all", markup.FOLDED_FROM - 1, content) == content
    folded = markup.fold_list("all", markup.FOLDED_FROM, content)
    assert folded == "<details><summary>all</summary><p>x</p></details>"
