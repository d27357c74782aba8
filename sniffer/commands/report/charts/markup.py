"""HTML and SVG, built so that no text can become markup.

In: names of elements, attributes and content. Out: `Markup`. Everything that is not `Markup` is text: it is made
printable and escaped, wherever it came from.
"""

from collections.abc import Iterable
from html import escape

from sniffer.base.sanitize import printable


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
