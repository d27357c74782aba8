"""The scenarios of the simulated charger, as the whole core decodes them."""

from itertools import pairwise

import pytest

from sniffer.base.errors import SourceError
from sniffer.base.times import SECOND
from sniffer.core.charger.events import FaultCleared, FaultRaised
from sniffer.core.charger.startup.registration_events import BootLoop
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.frame import Reason
from sniffer.simulator.scenarios import DEFAULT, SCENARIOS, find_scenario
from tests.simulator.helpers import CYCLE, first, joined, tapped

every_scenario = pytest.mark.parametrize("name", SCENARIOS)
some_seeds = pytest.mark.parametrize("seed", range(5))
any_baud = pytest.mark.parametrize("baud", [9600, 115200])


def test_the_scenarios_are_those_that_the_command_line_offers() -> None:
    assert list(SCENARIOS) == ["charging", "undervoltage", "pending", "restarts", "noisy"]
    assert DEFAULT == "charging"


def test_an_unknown_scenario_is_refused_with_the_names_of_all() -> None:
    with pytest.raises(SourceError, match="'party': choose one of charging, undervoltage, pending, restarts, noisy"):
        find_scenario("party")


def test_a_mistyped_scenario_is_suggested() -> None:
    with pytest.raises(SourceError, match="'undervoltge': did you mean undervoltage"):
        find_scenario("undervoltge")


@every_scenario
def test_every_scenario_is_described_in_one_short_line(name: str) -> None:
    about = find_scenario(name).about
    assert "\n" not in about
    # A list of sources shows this much in a terminal of 80 columns.
    assert 20 < len(about) <= 54


@every_scenario
def test_a_scenario_that_shows_what_was_never_seen_says_so(name: str) -> None:
    scenario = find_scenario(name)
    charges = any(phase.status == "Charging" for phase in scenario.opening + scenario.cycle)
    assert ("assumed" in scenario.about) is charges


@every_scenario
def test_every_phase_shows_a_control_pilot_voltage_that_a_car_can_cause(name: str) -> None:
    definition = packaged_definition()
    for phase in find_scenario(name).opening + find_scenario(name).cycle:
        assert definition.pilot_state(phase.cp_voltage) is not None


@every_scenario
def test_the_mains_change_by_less_than_five_volts_a_second(name: str) -> None:
    """Otherwise the meter and the phase voltages, which are read within a second, could seem to differ."""
    phases = find_scenario(name).opening + find_scenario(name).cycle
    for before, after in pairwise(phases):
        assert abs(after.level - before.level) * 230 / after.seconds < 4


@every_scenario
def test_something_happens_every_second(name: str) -> None:
    times = [chunk.time or 0 for chunk in first(2 * CYCLE, name, baud=9600)]
    assert max(after - before for before, after in pairwise(times)) < 1.1 * SECOND


# charging


@some_seeds
@any_baud
def test_charging_goes_round_and_round_by_the_book(seed: int, baud: int) -> None:
    seen = tapped(first(3 * CYCLE, "charging", seed=seed, baud=baud), baud=baud)

    path = [move.after for move in seen.moves]
    one_round = ["Available", "Preparing", "Charging", "Finishing"]
    assert path == (one_round * len(path))[: len(path)]
    assert len(path) > 2 * len(one_round)
    assert all(move.legal for move in seen.moves)
    assert (len(seen.boots), seen.noise, seen.faults, seen.restarts) == (1, [], [], [])
    assert seen.snapshot.charge_point_id == "10427240"
    assert seen.snapshot.registration is not None
    assert (seen.snapshot.registration.state, seen.snapshot.registration.announcements) == ("accepted", 2)


def test_charging_shows_the_control_pilot_of_each_status() -> None:
    seen = tapped(first(2 * CYCLE, "charging"))
    reports = {(report.value("status"), report.value("cp_voltage")) for report in seen.named("status report")}
    assert reports == {("Available", 12), ("Preparing", 9), ("Charging", 6), ("Finishing", 9)}
    assert {report.value("ocpp_error") for report in seen.named("status report")} == {"NoError"}


def test_the_voltages_move_and_stay_near_the_normal_mains() -> None:
    seen = tapped(first(2 * CYCLE, "charging"))
    for phase in ("l1_voltage", "l2_voltage", "l3_voltage"):
        values = [float(voltages.value(phase) or 0) for voltages in seen.named("phase voltages")]
        assert len(set(values)) > len(values) // 2
        assert 220 < min(values) <= max(values) < 235


# undervoltage


@some_seeds
@any_baud
def test_each_cycle_of_undervoltage_has_one_fault(seed: int, baud: int) -> None:
    cycles = 3
    seen = tapped(first(cycles * 58 * SECOND + 2 * SECOND, "undervoltage", seed=seed, baud=baud), baud=baud)

    assert [type(event) for event in seen.faults] == [FaultRaised, FaultCleared] * cycles
    for event in seen.faults:
        codes = event.fault.codes
        assert (packaged_definition().ocpp_errors.name_of(codes.ocpp or 0), codes.m4) == ("UnderVoltage", 4)
        assert event.fault.diagnosis.meanings == ("Under voltage",)
    assert all(move.legal for move in seen.moves)
    assert (len(seen.boots), seen.noise) == (1, [])


@some_seeds
def test_undervoltage_returns_to_the_status_before_the_fault(seed: int) -> None:
    path = [move.after for move in tapped(first(2 * CYCLE, "undervoltage", seed=seed)).moves]
    assert path[:7] == ["Available", "Preparing", "Charging", "Faulted", "Charging", "Finishing", "Available"]


@some_seeds
def test_the_mains_sag_before_the_fault_and_recover_before_it_clears(seed: int) -> None:
    happened: list[object] = []
    for record in tapped(first(CYCLE, "undervoltage", seed=seed)).records:
        voltage = getattr(record.item, "value", lambda name: None)("l2_voltage")
        if voltage is not None:
            happened.append(voltage)
        happened += [type(event) for event in record.events if isinstance(event, FaultRaised | FaultCleared)]

    raised, cleared = happened.index(FaultRaised), happened.index(FaultCleared)
    assert all(float(str(voltage)) > 207 for voltage in happened[: raised - 3])
    assert float(str(happened[raised - 1])) < 207
    assert min(float(str(voltage)) for voltage in happened[raised + 1 : cleared]) < 200
    assert all(float(str(voltage)) > 207 for voltage in happened[cleared + 1 :])


def test_while_faulted_the_control_pilot_is_at_nine_volts() -> None:
    seen = tapped(first(CYCLE, "undervoltage"))
    faulted = [report for report in seen.named("status report") if report.value("status") == "Faulted"]
    assert faulted
    assert {report.value("cp_voltage") for report in faulted} == {9}


# pending


@some_seeds
@any_baud
def test_pending_announces_the_power_board_every_five_seconds(seed: int, baud: int) -> None:
    seen = tapped(first(2 * CYCLE, "pending", seed=seed, baud=baud), baud=baud)

    times = [message.frame.time or 0 for message in seen.named("announcement")]
    assert len(times) == 24
    for number, time in enumerate(times):
        assert abs(time - number * 5 * SECOND - SECOND / 10) < SECOND / 10
    assert (seen.noise, seen.faults, len(seen.boots)) == ([], [], 1)
    registration = seen.snapshot.registration
    assert registration is not None
    assert (registration.state, registration.announcements) == ("pending", 24)
    assert seen.restarts == []


def test_the_power_board_goes_on_reporting_while_registration_is_pending() -> None:
    seen = tapped(first(CYCLE, "pending"))
    assert len(seen.named("phase voltages")) > 55
    assert len(seen.named("status report")) == 3
    assert {answer.value("acceptance") for answer in seen.named("status answer")} == {"pending"}
    assert {answer.value("acceptance") for answer in seen.named("acceptance")} == {"not accepted"}
    assert [move.after for move in seen.moves] == ["Available"]
    assert seen.named("ChangeAvailability") == []


def test_while_registration_is_pending_the_card_reader_does_not_answer() -> None:
    times = [message.frame.time or 0 for message in tapped(first(CYCLE, "pending")).named("card reader fault")]
    assert len(times) == 7
    assert all(abs(after - before - 8.19 * SECOND) < SECOND / 10 for before, after in pairwise(times))
    assert tapped(first(CYCLE, "charging")).named("card reader fault") == []


# restarts


@some_seeds
@any_baud
def test_the_power_board_restarts_after_each_acceptance(seed: int, baud: int) -> None:
    seen = tapped(first(2 * CYCLE, "restarts", seed=seed, baud=baud), baud=baud)

    assert {restart.part for restart in seen.restarts} == {"power board"}
    times = [restart.time or 0 for restart in seen.restarts]
    for number, time in enumerate(times, 1):
        assert abs(time - number * 18 * SECOND - SECOND / 10) < SECOND / 10
    assert len(times) == 6
    assert (seen.noise, seen.faults, len(seen.boots)) == ([], [], 7)
    assert all(move.legal for move in seen.moves)


def test_three_restarts_are_a_boot_loop_within_a_minute() -> None:
    (loop,) = [event for event in tapped(first(CYCLE, "restarts")).events if isinstance(event, BootLoop)]
    assert (loop.part, loop.boots, loop.period) == ("power board", 3, 18 * SECOND)


# noisy


@some_seeds
@any_baud
def test_on_a_noisy_line_the_ledger_adds_up(seed: int, baud: int) -> None:
    seen = tapped(first(3 * CYCLE, "noisy", seed=seed, baud=baud), baud=baud)

    sent = joined(seen.chunks)
    shown = b"".join(
        item.frame.raw if hasattr(item, "frame") else item.raw
        for item in (record.item for record in seen.records)
        if item is not None and not hasattr(item, "line")
    )
    assert shown == sent
    ledger = seen.snapshot.ledger
    assert ledger.read == len(sent) == ledger.frame_bytes + sum(ledger.noise_bytes.values())
    assert ledger.waiting == 0


@some_seeds
def test_a_noisy_line_shows_noise_of_every_kind_and_a_living_picture(seed: int) -> None:
    seen = tapped(first(5 * CYCLE, "noisy", seed=seed))

    assert {noise.reason for noise in seen.noise} == set(Reason)
    assert {"Available", "Preparing", "Charging", "Finishing"} == {move.after for move in seen.moves}
    assert len(seen.named("phase voltages")) > 200
    assert seen.faults == []


@some_seeds
def test_about_one_frame_in_ten_is_damaged(seed: int) -> None:
    clean = tapped(first(10 * CYCLE, "charging", seed=seed)).snapshot.ledger.frames
    good = tapped(first(10 * CYCLE, "noisy", seed=seed)).snapshot.ledger.frames
    assert 0.05 < 1 - good / clean < 0.15
