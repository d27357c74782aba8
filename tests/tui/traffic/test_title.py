"""Tests of the title in the border of the traffic list."""

import pytest
from msgspec.structs import replace

from sniffer.tui.state.playback import ReplayProgress
from sniffer.tui.state.view_state import FilterProgress, SourceState, Status
from sniffer.tui.traffic.title import format_title

READING = Status("capture", (), SourceState.LIVE, records=3, waiting=1200)


def title(status: Status | None, *, following: bool = False, new: int = 0, message: str = "", partner: str = "") -> str:
    return format_title(status, following=following, new=new, message=message, partner=partner).plain


def test_the_title_of_a_list_that_follows_says_so() -> None:
    assert title(None, following=True) == " traffic  following "
    assert title(READING, following=True) == " traffic  following "


def test_list_that_stands_still_counts_new_rows() -> None:
    assert title(READING, new=1234) == " traffic  +1,234 new G follows "


@pytest.mark.parametrize(("new", "is_bold"), [(0, False), (1, True)])
def test_new_rows_are_bold(new: int, is_bold: bool) -> None:
    content = format_title(READING, following=False, new=new, message="", partner="")
    styles = [span.style for span in content.spans if "new" in content.plain[span.start : span.end]]
    assert styles == ["bold $accent" if is_bold else "$quiet"]


def test_pause_comes_before_everything_else() -> None:
    paused = replace(READING, paused=True, is_previewing=True)
    assert title(paused, following=True) == " traffic  PAUSED, 1,200 new "


def test_preview_of_the_end_of_a_file() -> None:
    assert " the end of the file" in title(replace(READING, is_previewing=True), following=True)


FILE = ReplayProgress(
    moment=1300, total=9000, playing=False, speed=1.0, time=None, wait=None, is_reading=False, is_replaying=False
)


def test_file_says_whether_the_panels_show_its_end_or_a_moment() -> None:
    assert title(replace(READING, progress=FILE), new=5) == " traffic  FILE, panels at its end "
    replayed = replace(READING, progress=replace(FILE, is_replaying=True))
    assert title(replayed, following=True) == " traffic  REPLAY, panels at #1,300 "
    assert title(replayed, new=5) == " traffic  REPLAY, panels at #1,300  +5 new "


def test_message_is_escaped() -> None:
    assert title(READING, following=True, message="no \x1b[31m fault").endswith(" no \\x1b[31m fault ")


@pytest.mark.parametrize(("share", "looking"), [(0.25, ", looking 25%"), (1.0, "")])
def test_filter_replaces_the_partner(share: float, looking: str) -> None:
    status = replace(READING, filter_progress=FilterProgress("name:boot", 1500, share))
    shown = title(status, partner="answers #2")
    assert shown == f" traffic  +0 new G follows  filter: name:boot: 1,500 found{looking} "


def test_partner_is_shown_only_while_the_list_stands_still() -> None:
    assert title(READING, partner="answers #2").endswith(" answers #2, Enter goes there ")
    assert "answers" not in title(READING, following=True, partner="answers #2")
