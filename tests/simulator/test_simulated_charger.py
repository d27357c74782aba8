"""The frames of the simulated charger: their content, which side sends them, when, and with which sequence."""

from itertools import islice, pairwise
from random import Random

import pytest

from sniffer.base.times import MILLISECOND, SECOND
from sniffer.core.charger.health.link_health import Health, LinkHealthChanged
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.protocol.message import Message
from sniffer.simulator.scenarios import SCENARIOS
from sniffer.simulator.simulated_charger import SimulatedCharger
from tests.known_frames import BOOT_PAYLOAD, KNOWN_FRAMES
from tests.simulator.helpers import BAUD, CYCLE, Tapped, first, tapped

ANNOUNCEMENT_PAYLOAD = bytes(45) + b"20000001" + bytes(17) + b"StarCharge" + bytes(10) + b"107" + bytes(137)
"""That of the real log (protocol.md, Commands on `pwrboard`, 00)."""

some_seeds = pytest.mark.parametrize("seed", range(5))
ANSWERED = ["charging", "undervoltage", "pending", "restarts"]


def beginning(scenario: str, count: int = 3000, *, seed: int = 1, start_time: int = 0) -> list[LogLine]:
    charger = SimulatedCharger(SCENARIOS[scenario], baud=BAUD, random=Random(seed), start_time=start_time)
    return list(islice(charger.lines(), count))


def times_of(messages: list[Message]) -> list[int]:
    return [message.frame.time or 0 for message in messages]


def sequences_of(messages: list[Message]) -> list[int]:
    return [message.frame.sequence for message in messages]


def texts_of(lines: list[LogLine], word: str) -> list[str]:
    return [line.text for line in lines if word in line.text]


# Start and registration


def test_the_power_board_starts_with_its_voltages_and_announces_itself() -> None:
    seen = tapped(first(CYCLE, "charging"))
    voltages, announcement, answer = seen.messages[:3]
    assert (voltages.name, voltages.frame.direction, voltages.frame.sequence) == ("phase voltages", "pwr>com", 0)
    assert (announcement.name, announcement.frame.direction) == ("announcement", "pwr>com")
    assert announcement.frame.payload == ANNOUNCEMENT_PAYLOAD
    assert (answer.name, answer.frame.direction, answer.frame.payload) == (
        "announcement answer",
        "com>pwr",
        BOOT_PAYLOAD,
    )
    assert times_of([voltages, announcement]) == pytest.approx([0, 100 * MILLISECOND], abs=5 * MILLISECOND)


def test_the_ocpp_module_starts_with_what_the_real_log_shows() -> None:
    lines = beginning("charging", 40)
    assert texts_of(lines, "[00 0B]") == [
        "=>Dbus:FF 6A A6 00 06 00 0D [00 0B] 00 00 00 00 00 00 00 01 41 2F 1B",
        "<=Dbus:FF 6A A6 00 06 00 05 [00 0B] 01 5A DD",
    ]
    assert texts_of(lines, "BB 00 06 0B") == ["<=pwrboard:BB 00 06 0B 02 00 00 EF 3B"]


@some_seeds
def test_the_announcements_end_with_acceptance(seed: int) -> None:
    seen = tapped(first(CYCLE, "charging", seed=seed))
    assert times_of(seen.named("announcement")) == pytest.approx([SECOND / 10, 5.1 * SECOND], abs=20 * MILLISECOND)
    reports = [answer.value("acceptance") for answer in seen.named("status answer")]
    assert reports == ["pending", *["accepted"] * (len(reports) - 1)]
    asked = [message.value("acceptance") for message in seen.named("acceptance")]
    assert asked == ["not accepted", *["accepted"] * (len(asked) - 1)]


@some_seeds
def test_the_announcements_of_a_series_have_new_sequences_and_answers_repeat_them(seed: int) -> None:
    seen = tapped(first(CYCLE, "pending", seed=seed))
    announced = sequences_of(seen.named("announcement"))
    assert len(set(announced)) == len(announced) == 12
    assert sequences_of(seen.named("announcement answer")) == announced


def test_a_restart_of_the_power_board_begins_a_series_of_its_own() -> None:
    seen = tapped(first(CYCLE, "restarts"))
    expected = [start + at for start in (0, 18, 36, 54) for at in (0.1, 5.1)]
    assert [time / SECOND for time in times_of(seen.named("announcement"))] == pytest.approx(expected, abs=0.02)
    answers = [answer.value("acceptance") for answer in seen.named("status answer")]
    assert answers[:6] == ["pending", "accepted", "accepted"] * 2


def test_the_counter_of_the_ocpp_module_goes_on_through_restarts_of_the_power_board() -> None:
    sequences = sequences_of(
        [
            message
            for message in tapped(first(2 * CYCLE, "restarts")).messages
            if message.name in ("acceptance", "start-up answer")
            or (message.name == "ChangeAvailability" and message.frame.direction == "com>pwr")
        ]
    )
    assert sequences[0] == 6
    assert sequences == sorted(set(sequences))


# Calls of the central system


@some_seeds
def test_availability_is_changed_two_seconds_after_acceptance(seed: int) -> None:
    seen = tapped(first(CYCLE, "charging", seed=seed))
    (request,), (answer,) = seen.named("ChangeAvailability"), seen.named("ChangeAvailability answer")
    assert (request.frame.time or 0) / SECOND == pytest.approx(5.1 + 1 + 2, abs=0.06)
    assert request.frame.payload.hex() == "0101"
    assert answer.frame.payload.hex() == "010100"
    assert request.frame.sequence == answer.frame.sequence


def test_the_configuration_is_changed_five_seconds_after_acceptance() -> None:
    (line,) = [line for line in beginning("charging", 300) if "ChangeConfiguration" in line.text]
    assert (line.time or 0) / SECOND == pytest.approx(5.1 + 1 + 5, abs=0.06)


def test_the_communication_processor_answers_alone_for_the_whole_station() -> None:
    lines = texts_of(beginning("charging", 200), "[00 0F]")
    assert [line[:15] + line[21:-6] for line in lines] == [
        "=>Dbus:FF 6A A6 00 08 [00 0F] 00 00 01 01",
        "<=Dbus:FF 6A A6 00 09 [00 0F] 00 00 01 01 01",
        "=>Dbus:FF 6A A6 00 08 [00 0F] 00 01 01 01",
        "<=Dbus:FF 6A A6 00 09 [00 0F] 00 01 01 01 00",
    ]


def test_each_change_after_acceptance_is_sent_to_the_central_system() -> None:
    sent = [text.split('"status": "')[1].split('"')[0] for text in texts_of(beginning("charging"), "StatusNotif")]
    assert sent[:6] == ["Preparing", "Available", "Preparing", "Charging", "Finishing", "Available"]
    assert texts_of(beginning("pending"), "StatusNotification") == []


def test_meter_values_go_to_the_central_system_while_a_vehicle_charges() -> None:
    lines = beginning("charging")
    charging = [line for line in lines if line.text.startswith("connId:") and "_A:0.01," not in line.text]
    assert len(charging) == len(texts_of(lines, '"MeterValues"')) > 3
    assert texts_of(beginning("pending"), '"MeterValues"') == []


# Status reports


def test_an_undervoltage_report_is_the_known_one_but_for_its_sequence_and_temperatures() -> None:
    known = next(frame for frame in KNOWN_FRAMES if frame.arrow == "<=pwrboard" and frame.command == 0x01)
    reports = tapped(first(CYCLE, "undervoltage")).named("status report")
    assert known.payload[:9] in [report.frame.payload[:9] for report in reports]


def test_an_undervoltage_report_is_relayed_with_the_vendor_code() -> None:
    relayed = texts_of(beginning("undervoltage"), "[00 01] 00 01 01 08 0E")
    assert relayed
    assert all("0E 20 02 08 00 00 00" in text for text in relayed)


@some_seeds
@pytest.mark.parametrize("baud", [1200, 9600, 115200])
@pytest.mark.parametrize("name", ANSWERED)
def test_every_report_is_answered_once_with_its_sequence_and_at_once(name: str, baud: int, seed: int) -> None:
    seen = tapped(first(2 * CYCLE, name, baud=baud, seed=seed), baud=baud)
    reports, answers = seen.named("status report"), seen.named("status answer")

    assert sequences_of(answers) == sequences_of(reports)[: len(answers)]
    assert len(reports) - len(answers) <= 1
    # The report, the request after it and what is sent at once with it, a few milliseconds, and the longest frame.
    longest = (18 + 8 + 11 + 11 + 44 + 237) * 10 * SECOND // baud + SECOND // 25
    for report, answer in zip(times_of(reports), times_of(answers), strict=False):
        assert 0 < answer - report < longest


@some_seeds
def test_each_report_is_followed_by_a_request_for_acceptance_and_its_answer(seed: int) -> None:
    messages = tapped(first(CYCLE, "pending", seed=seed)).messages
    names = [message.name for message in messages if message.name not in ("phase voltages", "announcement")]
    for at, name in enumerate(names):
        if name == "status report":
            assert names[at : at + 4] == ["status report", "acceptance request", "acceptance", "status answer"]


def test_reports_come_every_29_seconds_and_on_change() -> None:
    times = [time / SECOND for time in times_of(tapped(first(CYCLE, "charging")).named("status report"))]
    periodic, changes = [0.7, 29.7, 58.7], [8.03, 16.03, 44.03, 52.03, 58.03]
    assert times == pytest.approx(sorted(periodic + changes), abs=0.02)


def test_temperatures_stay_within_the_limits_and_move_slowly() -> None:
    reports = tapped(first(10 * CYCLE, "charging")).named("status report")
    for name in ("board_temperature", "connector_temperature"):
        values = [int(report.value(name) or 0) for report in reports]
        assert 28 <= min(values) < max(values) < 85
        assert max(abs(after - before) for before, after in pairwise(values)) < 5


# Measured values


def test_voltages_are_sent_about_once_a_second() -> None:
    voltages = tapped(first(CYCLE, "charging")).named("phase voltages")
    assert sequences_of(voltages) == [0, *[0xDDDD] * (len(voltages) - 1)]
    assert {message.frame.direction for message in voltages} == {"pwr>com"}
    assert 55 < len(voltages) < 65
    waits = [after - before for before, after in pairwise(times_of(voltages[1:]))]
    assert 970 * MILLISECOND < min(waits) < SECOND < max(waits) < 1030 * MILLISECOND


@pytest.mark.parametrize(("start", "expected"), [(0, [30, 60]), (1, [29, 59]), (29, [1, 31]), (30, [30, 60])])
def test_the_meter_is_asked_at_the_full_and_the_half_minute_of_the_clock(start: int, expected: list[int]) -> None:
    lines = beginning("charging", 1000, start_time=start * SECOND)
    asked = [(line.time or 0) / SECOND - start for line in lines if line.text.startswith("=>pwrboard:AA EE EE 04")]
    assert asked[:2] == pytest.approx([time + 0.12 for time in expected], abs=0.05)


@some_seeds
def test_the_meter_answers_at_once_with_three_phases(seed: int) -> None:
    seen = tapped(first(2 * CYCLE, "charging", seed=seed))
    requests, answers = seen.named("meter request"), seen.named("meter values")
    assert len(requests) == len(answers) == 3
    assert set(sequences_of(requests + answers)) == {0xEEEE}
    for request, answer in zip(times_of(requests), times_of(answers), strict=True):
        assert 0 < answer - request < 20 * MILLISECOND
    assert [answer.value("current") for answer in answers] == [16, 0.01, 16]
    assert [answer.value("l3_current") for answer in answers] == [16, 0.01, 16]
    energies = [int(answer.value("energy") or 0) for answer in answers]
    assert 223_710 < energies[0] < energies[1] < energies[2]


def test_both_links_carry_the_same_meter_values() -> None:
    lines = beginning("charging", 1000)
    meter = [line.frame for line in lines if line.text.startswith("<=pwrboard:BB EE EE 04") and line.frame]
    relayed = [line.frame for line in lines if "00 24 [00 04]" in line.text and line.frame]
    assert len(meter) == len(relayed) > 2
    for here, there in zip(meter, relayed, strict=True):
        assert here[6:10][::-1] == there[12:16]
        assert here[10:12][::-1] == here[21:23][::-1] == there[16:18] == there[29:31]
        assert here[12:14][::-1] == there[18:20] == there[31:33]
        assert here[18] == there[37]


def test_answers_come_two_to_eight_milliseconds_after_the_request() -> None:
    lines = [line for line in beginning("charging", 20_000) if "pwrboard:" in line.text]
    end_of_request = [(line.time or 0) + 8 * (10 * SECOND // BAUD) for line in lines if "AA EE EE 04" in line.text]
    answered = [line.time or 0 for line in lines if "BB EE EE 04" in line.text]
    delays = [after - before for before, after in zip(end_of_request, answered, strict=False)]
    assert len(delays) > 30
    assert 2 * MILLISECOND <= min(delays) < 2.5 * MILLISECOND
    # An answer waits for a frame that is on the line.
    assert 7.5 * MILLISECOND < max(delays) < 10 * MILLISECOND


# Sequences


@some_seeds
@pytest.mark.parametrize("name", SCENARIOS)
def test_special_sequences_are_those_of_the_real_log(name: str, seed: int) -> None:
    special = {
        "phase voltages": {0x0000, 0xDDDD},
        "meter request": {0xEEEE},
        "meter values": {0xEEEE},
        "acceptance request": {0xEEEE},
        "card reader fault": {0xFFFF},
    }
    for message in tapped(first(2 * CYCLE, name, seed=seed)).messages:
        assert (message.frame.sequence in {0x0000, 0xDDDD, 0xEEEE, 0xFFFF}) == (message.name in special)
        assert message.frame.sequence in special.get(message.name, {message.frame.sequence})


def test_the_power_board_s_sequences_do_not_count() -> None:
    sequences = sequences_of(tapped(first(2 * CYCLE, "undervoltage")).named("status report"))
    assert len(set(sequences)) == len(sequences) > 10
    assert sequences != sorted(sequences)


# The line


@pytest.mark.parametrize("baud", [300, 9600, 1_000_000])
def test_the_line_is_silent_for_a_moment_between_frames(baud: int) -> None:
    charger = SimulatedCharger(SCENARIOS["undervoltage"], baud=baud, random=Random(1))
    frames = [line for line in islice(charger.lines(), 1500) if "pwrboard" in line.text]
    for before, after in pairwise(frames):
        assert (after.time or 0) - (before.time or 0) >= len(before.frame or b"") * (10 * SECOND // baud) + MILLISECOND


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_traffic_raises_no_alarm_but_those_of_its_story(name: str) -> None:
    seen: Tapped = tapped(first(5 * CYCLE, name))
    expected = {"Booted", "RegistrationChanged", "StatusChanged"}
    if name == "undervoltage":
        expected |= {"FaultRaised", "FaultCleared"}
    if name == "pending":
        expected |= {"CardReaderFault"}
    if name == "restarts":
        expected |= {"Restarted", "BootLoop"}
    if name != "noisy":
        health = [event.link.health for event in seen.events if isinstance(event, LinkHealthChanged)]
        assert health == [Health.ALIVE]
        assert {type(event).__name__ for event in seen.events} <= {*expected, "LinkHealthChanged"}


def test_the_same_random_numbers_say_the_same() -> None:
    assert beginning("charging", 300, seed=1) == beginning("charging", 300, seed=1)
    assert beginning("charging", 300, seed=1) != beginning("charging", 300, seed=2)
