"""Times since a moment."""

from sniffer.tui.state.view_state import elapsed_since


def test_the_age_is_unknown_without_both_times() -> None:
    assert elapsed_since(3, 10) == 7
    assert elapsed_since(None, 10) is None
    assert elapsed_since(3, None) is None
