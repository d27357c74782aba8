"""The driver of a screen that is shown in a browser: Textual's own, with bounds for what the browser asks for.

The size of the screen comes from the browser. Without a bound, one number would take all memory of the machine.
"""

import os
from typing import Any

from textual.app import App
from textual.drivers.web_driver import WebDriver

MOST_COLUMNS, MOST_ROWS = 500, 200

_DEFAULTS = {"width": 80, "height": 24}
_MOST = {"width": MOST_COLUMNS, "height": MOST_ROWS}
_VARIABLES = {"width": "COLUMNS", "height": "ROWS"}


def bound_length(name: str, length: object) -> int:
    """Return a width or a height in cells that a screen can have; the default for what is no number."""
    try:
        cells = int(str(length)[:9])
    except ValueError:
        return _DEFAULTS[name]
    return min(max(cells, 1), _MOST[name])


class BoundedWebDriver(WebDriver):
    """The driver. The first size is in the environment, the later ones come from the browser."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        width, height = (bound_length(name, os.environ.get(variable, "")) for name, variable in _VARIABLES.items())
        super().__init__(app, debug=debug, mouse=mouse, size=size or (width, height))

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        """Take what the browser says beside keys: a new size within the bounds, the focus, or the end."""
        if packet_type == "resize":
            payload = {**payload, **{name: bound_length(name, payload.get(name)) for name in _DEFAULTS}}
        super().on_meta(packet_type, payload)
