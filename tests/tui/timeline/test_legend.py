"""The legend: every status has a letter and a pattern of its own, every mark a character of its own."""

from sniffer.core.charger.consistency_rules import FAULTED
from sniffer.core.protocol.loader import packaged_definition
from sniffer.text.ranks import Rank
from sniffer.tui.theme import RANK_STYLES
from sniffer.tui.timeline.legend import GAP, MARK_STYLES, SEVERAL, STATUS_STYLES, UNKNOWN_STATUS


def test_every_status_has_a_letter_and_a_pattern_of_its_own() -> None:
    assert set(STATUS_STYLES) == set(packaged_definition().statuses.names.values())
    styles = [*STATUS_STYLES.values(), UNKNOWN_STATUS]
    assert len({style.letter for style in styles}) == len({style.fill for style in styles}) == len(styles)
    assert all(len(style.letter) == len(style.fill) == 1 for style in styles)


def test_only_a_fault_is_drawn_as_an_error() -> None:
    assert [status for status, style in STATUS_STYLES.items() if "$fault" in style.style] == [FAULTED]


def test_no_two_marks_look_alike() -> None:
    assert len({(mark.char, mark.style) for mark in MARK_STYLES}) == len(MARK_STYLES)
    assert len({mark.kind for mark in MARK_STYLES}) == len({mark.name for mark in MARK_STYLES}) == len(MARK_STYLES)


def test_the_worst_mark_comes_first() -> None:
    assert MARK_STYLES[0].name == "fault"
    assert MARK_STYLES[-1].kind == "noise"


def test_a_mark_has_the_colour_of_its_rank() -> None:
    styles = {mark.name: mark.style for mark in MARK_STYLES}
    assert styles["fault"] == RANK_STYLES[Rank.FAULT]
    assert styles["cleared"] == RANK_STYLES[Rank.GOOD]
    assert {styles[name] for name in ("illegal move", "noise", "source lost", "overdue")} == {RANK_STYLES[Rank.WARNING]}


def test_gaps_and_several_statuses_look_like_no_status() -> None:
    assert {GAP, SEVERAL}.isdisjoint(style.fill for style in STATUS_STYLES.values())
