"""HTML and SVG, built so that no text can become markup.

In: names of elements, attributes and content. Out: `Markup`. Everything that is not `Markup` is text: it is made
printable and escaped, wherever it came from.
"""

from collections.abc import Iterable, Sequence
from html import escape

from sniffer.base.sanitize import printable

MOST_ROWS = 500
"""The largest number of rows in a table of the page; the JSON form has all of them."""

SHORT_CELL = 16
"""The largest number of characters in a cell that is never wrapped."""

FOLDED_FROM = 16
"""A list with at least this many entries is folded."""

HtmlCell = object
"""The content of a cell: `Markup`, or anything else as text."""


class Markup(str):
    """Text that already is HTML."""

    __slots__ = ()


def to_markup(content: object) -> Markup:
    """Return markup as it is, and everything else as escaped text."""
    return content if isinstance(content, Markup) else Markup(escape(printable(str(content))))


def element(name: str, *content: object, **attributes: object) -> Markup:
    """Return an element. In names of attributes, `_` stands for `-`, and a `_` at the end is dropped (`class_`)."""
    pairs = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_format_value(value)}"' for key, value in attributes.items()
    )
    return Markup(f"<{name}{pairs}>{join_markup(content)}</{name}>")


def join_markup(content: Iterable[object]) -> Markup:
    """Return all content in one piece of markup."""
    return Markup("".join(map(to_markup, content)))


def _format_value(value: object) -> str:
    """Return the value of an attribute. A number has at most two decimals, which is enough for drawing."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else to_markup(value)


def build_table(titles: Sequence[str], rows: Sequence[Sequence[HtmlCell]], numbers: Sequence[str] = ()) -> Markup:
    """Return a table of at most `MOST_ROWS` rows. Columns whose titles are in `numbers` are aligned to the right.

    On a phone each row becomes a block, in which every cell has the title of its column.
    """
    kinds = ["number" if title in numbers else "text" for title in titles]
    heads = (element("th", title, class_=kind) for title, kind in zip(titles, kinds, strict=True))
    body = (
        element(
            "tr",
            *(
                element("td", cell, data_name=title, class_=f"{kind} short" if _is_short(cell) else kind)
                for cell, title, kind in zip(row, titles, kinds, strict=True)
            ),
        )
        for row in rows[:MOST_ROWS]
    )
    shown = element("table", element("thead", element("tr", *heads)), element("tbody", *body), class_="stacked")
    if len(rows) <= MOST_ROWS:
        return shown
    return join_markup(
        [shown, element("p", f"and {len(rows) - MOST_ROWS:,} more, which the JSON form has", class_="soft")]
    )


def _is_short(cell: HtmlCell) -> bool:
    """Return True for a cell that is never wrapped: a time, a number, the place of a record."""
    return isinstance(cell, str) and not isinstance(cell, Markup) and len(cell) <= SHORT_CELL


def fold_list(title: str, count: int, content: Markup) -> Markup:
    """Return a long list folded behind its title, and a short list as it is."""
    if count < FOLDED_FROM:
        return content
    return element("details", element("summary", title), content)
