"""What is wrong with a session: one text for each problem, none if all is well, and safe to be shown.

`test_session_view.py` fills the temporary disk.
"""

from sniffer.core.pipeline import Pipeline
from sniffer.core.wire.items import Chunk, TapState
from sniffer.tui.state.problems import (
    describe_detached_view,
    describe_lost_taps,
    list_advice,
    offer_search,
)
from tests.core.protocol.helpers import DEFINITION
from tests.known_frames import STATUS_REPORT


def snapshot_of(data):
    """Return the state of a charger after these bytes."""
    pipeline = Pipeline(DEFINITION)
    pipeline.feed(Chunk(data, None))
    pipeline.flush()
    return pipeline.snapshot()


def test_lost_taps_are_listed_with_their_reasons_and_the_others_are_not():
    taps = [TapState("a", lost="unplugged"), TapState("b"), TapState("c", lost="no answer")]
    assert describe_lost_taps(taps) == "a: unplugged; c: no answer"
    assert describe_lost_taps([TapState("b")]) == ""


def test_the_advice_of_all_taps_is_listed():
    assert list_advice([TapState("a", advice="open x"), TapState("b"), TapState("c", advice="open y")]) == (
        "open x; open y"
    )
    assert list_advice([TapState("b")]) == ""


def test_a_view_that_failed_is_reported_without_its_control_bytes():
    assert describe_detached_view(RuntimeError("bad\x1b[2J")) == (
        "this screen failed and shows no new records (RuntimeError: bad\\x1b[2J); reading and recording go on"
    )
    assert describe_detached_view(None) == ""


def test_a_line_without_known_frames_gets_the_offer_of_a_search():
    unknown = snapshot_of(bytes(range(1, 101)) * 10)
    assert offer_search(unknown, 9600) == "no known frames in 1,000 bytes at 9600: u looks for a framing"
    assert offer_search(unknown, None) == "no known frames in 1,000 bytes: u looks for a framing"


def test_a_line_with_frames_gets_no_offer():
    assert offer_search(snapshot_of(STATUS_REPORT.raw * 100), 9600) == ""
