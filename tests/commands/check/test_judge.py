"""The judgement on a session: good units pass, each kind of defect is found, and silence is never good."""

import pytest
from msgspec.structs import replace

from sniffer.base.times import MILLISECOND
from sniffer.commands.check.figures import CheckTopic, Figure, FigureRule, Margin
from sniffer.commands.check.judge import SessionJudgement, _find_range, _is_within, judge
from sniffer.core.wire.items import Chunk
from tests.commands.check.helpers import Change, good_sessions, simulate
from tests.commands.report.helpers import plain_report, report_of


def failed(result: SessionJudgement) -> dict[str, tuple[str, str]]:
    return {one.name: (one.text, one.good.text) for one in result.failed}


@pytest.mark.parametrize("count", [1, 3])
def test_other_good_units_pass(count):
    for seed in range(100, 104):
        result = judge(simulate(seed), good_sessions(count))
        assert failed(result) == {}
        assert result.judged > 100


def test_a_message_that_is_missing_is_a_difference():
    silent = simulate(7, change=lambda chunk: None if chunk.data[:1] == b"\xbb" and chunk.data[3] == 0x04 else chunk)
    result = judge(silent, good_sessions())
    assert failed(result)["pwr>com 04 meter values"] == ("never", "3 times")
    assert "com>pwr 04 meter request, without an answer" in failed(result)


def delay_answers(milliseconds: float) -> Change:
    """Return the change by which the answers to the power board come later."""

    def change(chunk: Chunk) -> Chunk:
        is_answer = chunk.data[:1] == b"\xaa"
        return Chunk(chunk.data, (chunk.time or 0) + round(milliseconds * MILLISECOND)) if is_answer else chunk

    return change


def test_answers_that_are_slower_are_a_difference_and_faster_ones_are_none():
    slow = failed(judge(simulate(7, change=delay_answers(5)), good_sessions()))
    assert [name for name in slow if "answers within" not in name] == []
    assert "pwr>com 01 status report, 50 of 100 answers within" in slow
    assert failed(judge(simulate(7, change=delay_answers(-1)), good_sessions())) == {}


def test_a_state_that_is_skipped_is_a_difference():
    good = plain_report()
    (lane,) = good.lanes
    kept = tuple(span for span in lane.spans if span.state != "Finishing")
    skipping = replace(good, lanes=(replace(lane, spans=kept),))
    assert "connector 1: Finishing" in failed(judge(skipping, [good]))


def test_values_out_of_their_band_are_a_difference():
    good = plain_report()
    low = tuple(
        replace(one, span=one.span._replace(low=one.span.low * 0.9)) if one.name == "l1_voltage" else one
        for one in good.measured
    )
    assert [*failed(judge(replace(good, measured=low), [good]))] == ["L1 voltage, lowest"]
    without = tuple(one for one in good.measured if one.name != "l1_voltage")
    found = failed(judge(replace(good, measured=without), [good]))
    assert {name: text for name, (text, _) in found.items()} == {
        f"L1 voltage, {about}": "none" for about in ("highest", "lowest", "mean")
    }


@pytest.mark.parametrize("scenario", ["undervoltage", "noisy", "restarts", "pending"])
def test_a_session_that_went_wrong_fails(scenario):
    assert not judge(simulate(7, scenario), good_sessions()).is_good


@pytest.mark.parametrize("name", ["mains-sag", "bad-line", "one-side", "pending", "restarts", "pulled-cable"])
def test_the_samples_of_defects_fail(name):
    assert not judge(report_of(f"{name}.pcapng"), [plain_report()]).is_good


def test_where_nothing_was_received_nothing_is_good():
    silent = simulate(7, change=lambda _: None)
    result = judge(silent, good_sessions())
    nothing = [one.topic for one in result.failed if one.text == "nothing was received that could tell"]
    assert nothing == [topic for topic in CheckTopic if topic]
    assert not result.is_good


def test_what_no_good_session_shows_is_not_judged():
    good = replace(plain_report(), lanes=(), faults=())
    result = judge(plain_report(), [good])
    assert [(one.topic, one.reason) for one in result.unjudged if not one.name] == [
        (CheckTopic.FAULTS, "no good session has anything of it"),
        (CheckTopic.STATES, "no good session has anything of it"),
    ]
    assert result.is_good


def test_a_value_that_some_good_session_lacks_may_be_missing():
    full = plain_report()
    without = replace(full, measured=tuple(one for one in full.measured if one.name != "l1_voltage"))
    result = judge(without, [full, without])
    assert result.is_good
    assert {one.name for one in result.unjudged if one.reason == "neither here nor in every good session"} == {
        f"L1 voltage, {about}" for about in ("highest", "lowest", "mean")
    }


def test_a_short_session_says_what_it_could_not_show():
    result = judge(simulate(7, seconds=40), good_sessions())
    reasons = {one.reason for one in result.unjudged}
    assert "here too few of them at regular times" in reasons
    assert not result.is_good


def test_few_answers_are_judged_by_their_median():
    name = "pwr>com 01 status report, 95 of 100 answers within"
    assert name not in failed(judge(simulate(7, seconds=25), good_sessions()))
    assert name in failed(judge(simulate(7, seconds=25, change=delay_answers(20)), good_sessions()))


@pytest.mark.parametrize(
    ("rule", "values", "margin", "within", "beyond"),
    [
        (FigureRule.PRESENT, [0, 0], Margin(), [0], [1, 7]),
        (FigureRule.PRESENT, [1, 3], Margin(), [1, 2, 99], [0]),
        (FigureRule.PRESENT, [0, 3], Margin(), [0, 5], []),
        (FigureRule.COUNT, [1, 3], Margin(), [1, 2, 3], [0, 4]),
        (FigureRule.AT_MOST, [0.0, 0.0], Margin(absolute=0.1), [0.0], [0.01]),
        (FigureRule.AT_MOST, [0.2, 0.4], Margin(0.25), [0.0, 0.3, 0.5], [0.51]),
        (FigureRule.BAND, [220, 230], Margin(0.05, 1), [208.5, 241.5], [208.4, 241.6]),
        (FigureRule.BAND, [0.1], Margin(0.05, 0.5), [-0.4, 0.6], [-0.41, 0.61]),
        (FigureRule.SAME, ["alive", "silent"], Margin(), ["alive", "silent"], ["lost"]),
    ],
)
def test_each_rule_has_its_limits(rule, values, margin, within, beyond):
    figure = Figure(CheckTopic.LINK, "x", rule, values[0], "times", margin)
    good = _find_range(figure, values)
    assert [value for value in [*within, *beyond] if _is_within(figure, value, good)] == within
