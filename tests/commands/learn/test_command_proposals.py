"""Proposals for unknown bytes: each case is a log whose unknown bytes behave in one way."""

import random
import tomllib
from importlib import resources

import tomlkit
from msgspec.structs import replace

from sniffer.commands.learn import payload_stats
from sniffer.commands.learn.learner import Learner
from sniffer.commands.learn.proposal_file import format_proposals
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import load
from sniffer.core.wire.items import Chunk
from sniffer.core.wire.links import COM_TO_OCPP, COM_TO_PWR, PWR_TO_COM
from tests.commands.learn.helpers import Log, feed, learner_of, only_entry, propose
from tests.core.protocol.helpers import DEFINITION

UNKNOWN = DEFINITION.command("acceptance request").fields[0]
CP_OF_STATUS = {"Available": 12, "Preparing": 9, "Charging": 6, "Faulted": 3}
A_DAY = [status for status in CP_OF_STATUS for _ in range(5)] * 2


def reports(unknown):
    """Return a log of status reports whose first two unknown bytes are `unknown(index, status)`."""
    log = Log()
    for index, status in enumerate(A_DAY):
        log.report(status, cp=CP_OF_STATUS[status], unknown=f"{unknown(index, status)}00")
        log.second += 5
    return log


def commands_40(payloads_seen, route=PWR_TO_COM):
    log = Log()
    for payload in payloads_seen:
        log.frame(route, 0x40, payload)
    return log


def fields(entry):
    return [(field["name"], field["size"]) for field in entry["fields"]]


BEFORE = [("connector", 1), ("status", 1), ("ocpp_error", 1)]
AFTER = [("m4_error", 1), ("cp_voltage", 2), ("board_temperature", 1), ("connector_temperature", 1)]
"""The known fields of a status report around its unknown bytes."""


def split(entry):
    """Return the fields that stand for the unknown bytes of a status report."""
    found = fields(entry)
    assert (found[:3], found[-4:]) == (BEFORE, AFTER)
    return found[3:-4]


class TestAByteThatMovesWithANamedValue:
    def test_and_equals_it(self):
        log = reports(lambda _, status: f"1c{CP_OF_STATUS[status]:02x}")
        entry, text = only_entry("command", log)
        assert split(entry) == [("unknown_3", 1), ("same_as_cp_voltage_4", 1), ("unknown_5", 1)]
        assert "byte 4: always equals cp_voltage (40 frames, 4 different values)" in text
        assert "byte 3: always 1C" in text
        assert "byte 4: 4 values, 0x03 to 0x0C, changed 7 of 39 times" in text

    def test_and_is_decided_by_it(self):
        log = reports(lambda _, status: "1c01" if status == "Charging" else "1c00")
        entry, text = only_entry("command", log)
        assert split(entry) == [("unknown_3", 1), ("decided_by_status_4", 1), ("unknown_5", 1)]
        assert "byte 4: is decided by status (40 frames, 4 different values of it)" in text

    def test_and_is_near_a_line_with_it(self):
        noise = random.Random(1)
        log = Log()
        for index in range(60):
            volts = 200 + index % 30
            log.report("Charging", cp=volts, unknown=f"{40 * volts + noise.randint(-5, 5):04x}00")
        entry, text = only_entry("command", log)
        assert split(entry) == [("moves_with_cp_voltage_3", 2), ("unknown_5", 1)]
        assert "bytes 3 to 4 as one number: moves with cp_voltage (r = 1.000 over" in text

    def test_that_another_frame_had_before(self):
        log = Log()
        for index, status in enumerate(A_DAY):
            log.report(status, cp=CP_OF_STATUS[status])
            log.frame(COM_TO_PWR, 0x41, [0xEE, CP_OF_STATUS[status]], sequence=index)
        entry, text = only_entry("command", log)
        assert fields(entry) == [("unknown_0", 1), ("same_as_last_cp_voltage_1", 1)]
        assert "byte 1: always equals last cp_voltage" in text

    def test_but_not_into_the_next_file(self):
        first, second = Log(), commands_40([[value, 0] for value in range(0, 90, 9)])
        first.report("Charging", cp=6)
        text, _ = propose(first, second)
        assert "last cp_voltage" not in text

    def test_which_is_a_log_line(self):
        log = Log()
        for m4 in (3, 5, 8) * 4:
            log.text(f"icomCode = {m4},index=3")
            log.frame(PWR_TO_COM, 0x40, [m4, 1])
        entry, _ = only_entry("command", log)
        assert fields(entry) == [("same_as_last_m4_error_0", 1), ("unknown_1", 1)]

    def test_restates_the_command_as_it_replaces_it(self):
        entry, text = only_entry("command", reports(lambda _, status: f"1c{CP_OF_STATUS[status]:02x}"))
        assert {key: entry[key] for key in ("link", "code", "direction", "name", "tells", "provenance")} == {
            "link": "pwrboard",
            "code": 1,
            "direction": "pwr>com",
            "name": "status report",
            "tells": "status",
            "provenance": "documented",
        }
        assert entry["sequence"] == ["random"]
        assert "code = 0x01\n" in text
        assert entry["summary"] == (
            "connector {connector} {status}, {ocpp_error}, M4 {m4_error}, CP {cp_voltage}, board {board_temperature}, "
            "connector {connector_temperature}, same_as_cp_voltage_4 {same_as_cp_voltage_4}"
        )
        by_name = {field["name"]: field for field in entry["fields"]}
        assert by_name["status"] == {"name": "status", "size": 1, "enumeration": "status", "provenance": "documented"}
        assert by_name["m4_error"]["provenance"] == "documented"
        assert by_name["cp_voltage"]["provenance"] == by_name["same_as_cp_voltage_4"]["provenance"] == "assumed"
        assert by_name["unknown_3"] == {"name": "unknown_3", "size": 1, "type": "unknown", "default": "00"}
        assert {key: by_name["cp_voltage"][key] for key in ("type", "unit")} == {"type": "int", "unit": "V"}

    def test_keeps_that_a_command_answers_and_splits_what_its_summary_names(self):
        log = Log()
        for index in range(20):
            log.frame(PWR_TO_COM, 0x0B, [index % 2, 3])
            log.frame(COM_TO_PWR, 0x01, [index % 3, 3, index % 3, 1])
        _, file = propose(log)
        start_up, answer = file["command"]
        assert start_up["answers"] is answer["answers"] is True
        assert start_up["sequence"] == ["same"]
        assert start_up["summary"] == "{unknown_0} {unknown_1}"
        assert [field["default"] for field in start_up["fields"]] == ["00", "00"]
        assert fields(answer) == [("connector", 1), ("unknown_1", 1), ("same_as_connector_2", 1), ("acceptance", 1)]
        assert [field.get("default") for field in answer["fields"]] == [None, "03", "E7", "00"]

    def test_is_not_claimed_where_one_value_came_with_two(self):
        log = reports(lambda index, status: f"1c{CP_OF_STATUS[status] + (index == 22):02x}")
        entry, text = only_entry("command", log)
        assert split(entry) == [("unknown_3", 1), ("unknown_4", 1), ("unknown_5", 1)]
        assert "byte 4: 5 values" in text
        assert "always equals" not in text

    def test_is_not_claimed_where_both_changed_but_once(self):
        log = Log()
        for index in range(30):
            log.report("Charging" if index < 15 else "Finishing", unknown="1c0000" if index < 15 else "1c0100")
        entry, text = only_entry("command", log)
        assert split(entry) == [("unknown_3", 1), ("unknown_4", 1), ("unknown_5", 1)]
        assert "decided" not in text

    def test_is_not_claimed_where_each_value_came_once(self):
        noise = random.Random(2)
        log = Log()
        for volts in range(200, 230):
            log.report("Charging", cp=volts, unknown=f"1c{noise.randrange(256):02x}00")
        entry, text = only_entry("command", log)
        assert split(entry) == [("unknown_3", 1), ("unknown_4", 1), ("unknown_5", 1)]
        assert "decided" not in text
        assert "moves with" not in text


class TestACounter:
    def test_of_one_byte(self):
        entry, text = only_entry("command", commands_40([[7, index % 256] for index in range(250, 300)]))
        assert fields(entry) == [("unknown_0", 1), ("counter_1", 1)]
        assert entry["fields"][1]["provenance"] == "assumed"
        assert "byte 1: counts (went up by one 49 of 49 times)" in text

    def test_of_two_bytes(self):
        entry, _ = only_entry("command", commands_40([divmod(index, 256) for index in range(240, 280)]))
        assert fields(entry) == [("counter_0", 2)]

    def test_goes_on_where_a_frame_was_missed(self):
        entry, _ = only_entry("command", commands_40([[7, index] for index in range(50) if index not in (20, 30)]))
        assert fields(entry)[1] == ("counter_1", 1)

    def test_is_none_where_it_goes_up_by_two(self):
        text, _ = propose(commands_40([[7, 2 * index] for index in range(50)]))
        assert "counts" not in text


class TestAnUnknownCommand:
    def test_has_its_changing_bytes_apart_from_the_others(self):
        noise = random.Random(3)
        log = commands_40([[1, 2, noise.randrange(9), noise.randrange(9), 5] for _ in range(30)])
        entry, text = only_entry("command", log)
        assert fields(entry) == [("unknown_0", 2), ("unknown_2", 2), ("unknown_4", 1)]
        assert not any("provenance" in field for field in entry["fields"])
        assert "pwrboard pwr>com 40 unknown command, 5 bytes of payload: 30 frames" in text

    def test_whose_bytes_never_change_is_only_listed(self):
        text, file = propose(commands_40([[1, 2, 3]] * 30))
        assert file == {}
        assert "bytes 0 to 2: always 01 02 03" in text

    def test_without_payload_is_only_listed(self):
        text, file = propose(commands_40([[]] * 30))
        assert file == {}
        assert "40 unknown command, 0 bytes of payload: 30 frames" in text

    def test_is_proposed_for_the_size_that_was_clearly_seen_most(self):
        entry, text = only_entry("command", commands_40([[index] for index in range(40)] + [[1, 2]] * 3))
        assert fields(entry) == [("counter_0", 1)]
        assert "2 bytes of payload: 3 frames" in text

    def test_of_many_sizes_is_only_listed(self):
        text, file = propose(commands_40([[index] for index in range(20)] + [[index, 2] for index in range(20)]))
        assert file == {}
        assert "Not proposed: no payload size was seen clearly most." in text

    def test_whose_direction_no_one_knows_is_only_listed(self):
        learner = learner_of()
        learner.begin("tap.bin")
        raw = b"".join(COM_TO_OCPP.link.build(COM_TO_OCPP.head, 1, 0x99, bytes([index])) for index in range(20))
        learner.receive(Pipeline(DEFINITION).feed(Chunk(raw)))
        text = format_proposals(learner.result(), DEFINITION)
        assert tomllib.loads(text) == {}
        assert "dbus either direction 0099 unknown command" in text
        assert "its direction is not known" in text

    def test_on_the_other_link_has_its_code_in_four_digits(self):
        entry, text = only_entry("command", commands_40([[index] for index in range(20)], COM_TO_OCPP))
        assert (entry["link"], entry["direction"]) == ("dbus", "com>ocpp")
        assert "code = 0x0040\n" in text


class TestBytesThatNoFieldCovers:
    def test_are_proposed_as_fields_of_the_command(self):
        log = Log()
        for index in range(20):
            log.frame(PWR_TO_COM, 0x32, [0x59, 0x2A, 0x59, 0x68, 0x59, 0xAD, 9, index])
        entry, _ = only_entry("command", log)
        assert fields(entry)[-3:] == [("l3_voltage", 2), ("unknown_6", 1), ("counter_7", 1)]
        assert entry["fields"][0] == {
            "name": "l1_voltage",
            "size": 2,
            "divisor": 100,
            "unit": "V",
            "provenance": "inferred",
        }

    def test_that_are_missing_leave_nothing_to_propose(self):
        log = Log()
        for index in range(20):
            log.frame(PWR_TO_COM, 0x01, [1, 8, 14, 0, index])
        text, file = propose(log)
        assert file == {}
        assert "byte 4: counts" in text
        assert "such payloads lack fields of the command" in text

    def test_after_a_command_of_varying_size_are_only_listed(self):
        varying = replace(
            DEFINITION.command("charge point information"),
            fields=(replace(UNKNOWN, name="id", size="to zero"), replace(UNKNOWN, name="unknown_rest", size="rest")),
            summary="",
        )
        definition = replace(DEFINITION, commands=(varying,))
        log = Log()
        for index in range(20):
            log.frame(COM_TO_OCPP, 0x21, [*b"10427240", 0, index])
        learner = Learner(definition)
        learner.begin("0.log")
        feed(learner, log.lines, definition)
        text = format_proposals(learner.result(), definition)
        assert tomllib.loads(text) == {}
        assert "byte 9: counts" in text
        assert "the command's size varies" in text


class TestTooLittleEvidence:
    def test_bytes_that_never_change(self):
        text, file = propose(reports(lambda _, status: "1c15"))
        assert file == {}
        assert "bytes 3 to 5: always 1C 15 00\n" in text
        assert "Not proposed: there is no evidence on what it does not know." in text

    def test_of_few_frames_nothing_is_proposed(self):
        text, file = propose(commands_40([[index] for index in range(7)]))
        assert file == {}
        assert "too rarely" in text
        assert "40 unknown command, 1 byte of payload: 7 frames" in text


class TestMemory:
    def test_of_pairs_is_bounded_and_the_text_says_so(self, monkeypatch):
        monkeypatch.setattr(payload_stats, "MOST_PAIRS", 20)
        log = Log()
        for volts in range(100, 180):
            log.report("Charging", cp=volts, unknown=f"00{volts:02x}00")
        learner = learner_of(log)
        for layout in learner.result().layouts:
            for stats in layout.units.values():
                assert all(len(pairs) <= 20 for pairs in stats.pairs.values())
        assert "by the first 20 different pairs alone" in format_proposals(learner.result(), DEFINITION)

    def test_of_all_pairs_together_is_bounded(self):
        budget = payload_stats.PairBudget(2)
        stats = payload_stats.UnitStats(payload_stats.Unit(0, 1))
        for value in range(9):
            stats.add(bytes([value]), {"status": value}, budget)
        assert len(stats.pairs["status"]) == 2
        assert stats.full == {"status"}

    def test_of_kinds_of_frames_is_bounded_and_the_text_says_so(self):
        text, _ = propose(commands_40([bytes(size) for size in range(200)]))
        assert "136 frames of further kinds were not examined: 64 kinds are kept apart." in text

    def test_of_long_payloads_is_bounded_and_the_text_says_so(self):
        log = commands_40([bytes([index] * 200) for index in range(20)])
        (layout,) = learner_of(log).result().layouts
        assert len(layout.units) == 3 * payload_stats.MOST_BYTES - 2
        entry, text = only_entry("command", log)
        assert "only the first 48 unknown bytes were examined" in text
        assert fields(entry)[-1] == ("unknown_48", 152)


def test_every_proposed_command_is_taken_by_the_loader():
    noise = random.Random(4)
    log = reports(lambda index, status: f"{noise.randrange(256):02x}{CP_OF_STATUS[status]:02x}")
    for index in range(20):
        log.frame(PWR_TO_COM, 0x40, [1, index])
        log.frame(COM_TO_OCPP, 0x99, [index, 7])
        log.frame(COM_TO_OCPP, 0x01, [0, 1, 1, 8, 14, 0x20, 2, 8, 0, 0, index])
        log.frame(COM_TO_PWR, 0x00, [0, 0, index % 2 * 2, 0, 0, 0, 0, 0, index, *b"10427240".ljust(25, b"\0")])
    _, file = propose(log)
    assert len(file["command"]) == 5
    for entry in file["command"]:
        command = loaded(entry)
        assert command.size == sum(field["size"] for field in entry["fields"])


def loaded(entry):
    """Return the command that the loader makes of this entry, in a file of its own that states its link."""
    entry = dict(entry)
    document = {"link": entry.pop("link"), "command": [entry]}
    packaged = resources.files("sniffer.core.protocol") / "data" / "codes.toml"
    files = {"codes.toml": packaged.read_text("utf-8"), "proposals.toml": tomlkit.dumps(document)}
    (command,) = load(files).commands
    return command
