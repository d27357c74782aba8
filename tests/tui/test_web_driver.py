"""The driver of a screen in a browser: no size from outside is too large, and nonsense is none."""

import pytest
from textual.app import App

from sniffer.tui.web_driver import MOST_COLUMNS, MOST_ROWS, BoundedWebDriver, bound_length


@pytest.mark.parametrize(
    ("length", "width", "height"),
    [
        (100, 100, 100),
        ("100", 100, 100),
        (10**9, MOST_COLUMNS, MOST_ROWS),
        ("9" * 5000, MOST_COLUMNS, MOST_ROWS),
        (0, 1, 1),
        (-5, 1, 1),
        (None, 80, 24),
        ("$(reboot)", 80, 24),
        ([1], 80, 24),
    ],
)
def test_a_length_is_within_its_bounds(length: object, width: int, height: int) -> None:
    assert (bound_length("width", length), bound_length("height", length)) == (width, height)


async def test_the_first_size_and_later_ones_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "123456789")
    monkeypatch.setenv("ROWS", "x")
    # Standard input of a test may be a file, which cannot be waited for.
    monkeypatch.setattr("textual.drivers.web_driver.InputReader", object)
    app, sizes = App[None](), []
    monkeypatch.setattr(app, "post_message", lambda message: sizes.append(message.size))
    driver = BoundedWebDriver(app)
    assert driver._size == (MOST_COLUMNS, 24)
    driver.on_meta("resize", {"width": 10**12, "height": {}})
    driver.on_meta("resize", {"type": "resize"})
    assert [tuple(size) for size in sizes] == [(MOST_COLUMNS, 24), (80, 24)]
