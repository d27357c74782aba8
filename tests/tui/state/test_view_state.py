"""Times since a moment."""

from sniffer.tui.state.view_state import elapsed_since


def test_since() -> None:
    assert elapsed_since(3, 10) == 7
    assert elapsed_since(None, 10) is None
    assert elapsed_since(3, None) is None
