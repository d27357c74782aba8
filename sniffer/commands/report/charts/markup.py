"""HTML and SVG, built so that no text can become markup.

In: names of elements, attributes and content. Out: `Markup`. What is not `Markup` is text: it is made printable and
escaped, wherever it came from.
"""

from collections.abc import Iterable
from html import escape

from sniffer.base.sanitize import printable


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def to_markup(content: object) -> Markup:
    """HTML stays what it is; all else is text."""
    return content if isinstance(content, Markup) else Markup(escape(printable(str(content))))


def element(name: str, *content: object, **attributes: object) -> Markup:
    """An element. In the names of attributes `_` stands for `-`, and one at the end is left out (`class_`)."""
    pairs = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_format_value(value)}"' for key, value in attributes.items()
    )
    return Markup(f"<{name}{pairs}>{join_markup(content)}</{name}>")


def join_markup(content: Iterable[object]) -> Markup:
    """One after the other."""
    return Markup("".join(map(to_markup, content)))


def _format_value(value: object) -> str:
    """A number as short as it is exact enough to draw with."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else to_markup(value)
