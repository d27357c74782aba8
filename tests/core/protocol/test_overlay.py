"""A user's file over the packaged ones: what it adds, what it overrides, and the provenance of its facts."""

import pytest

from sniffer.base.errors import DefinitionError
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.conversions import Plain
from sniffer.core.protocol.definition_writer import format_definition
from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM
from tests.core.protocol.helpers import DEFINITION, frame

DOCUMENTED, INFERRED, ASSUMED, USER = (Provenance(word) for word in ("documented", "inferred", "assumed", "user"))


def over(*texts):
    """Return the packaged definition with these files over it."""
    return load(packaged_files(), [(f"my{number}.toml", text) for number, text in enumerate(texts, 1)])


def refusal(*texts):
    with pytest.raises(DefinitionError) as refused:
        over(*texts)
    return str(refused.value)


def command(fields="", direction="com>pwr", code="0x40", more=""):
    return (
        f'[[command]]\nlink = "pwrboard"\ndirection = "{direction}"\ncode = {code}\nname = "mine"\nsummary = ""\n'
        f"{more}\nfields = [{fields}]\n"
    )


def error(text):
    return f"[[error]]\n{text}\n"


def rows(definition, vendor):
    return [row for row in definition.errors if row.vendor == vendor]


def only(found):
    (one,) = found
    return one


def test_an_empty_file_changes_nothing():
    assert over("") == over() == DEFINITION


class TestCommands:
    def test_a_new_one_is_added_and_is_the_users(self):
        definition = over(command('{ name = "level", size = 1 }'))
        assert definition.commands[:-1] == DEFINITION.commands
        mine = definition.commands[-1]
        assert (mine.route, mine.code, mine.name, mine.provenance) == (COM_TO_PWR, 0x40, "mine", USER)
        assert only(mine.fields).provenance == USER

    def test_one_of_a_known_code_takes_the_place_of_the_packaged_one_whole(self):
        definition = over(command('{ name = "word", size = 4 }', code="0x2C"))
        mine = only(found for found in definition.commands if (found.route, found.code) == (COM_TO_PWR, 0x2C))
        assert (mine.name, mine.about, [field.name for field in mine.fields]) == ("mine", "", ["word"])
        places = [(found.route, found.code) for found in DEFINITION.commands]
        assert definition.commands.index(mine) == places.index((COM_TO_PWR, 0x2C))
        assert len(definition.commands) == len(DEFINITION.commands)

    def test_the_same_code_in_the_other_direction_stays(self):
        definition = over(command(direction="com>pwr", code="0x01"))
        assert definition.command("status report") == DEFINITION.command("status report")

    def test_commands_of_one_code_are_distinguished_by_size(self):
        text = command('{ name = "a", size = 1 }', code="0x2C") + command('{ name = "b", size = 4 }', code="0x2C")
        codec = Codec(over(text))
        assert codec.decode(frame(COM_TO_PWR, 0x2C, b"\1")).value("a") == 1
        assert codec.decode(frame(COM_TO_PWR, 0x2C, b"\0\0\0\2")).value("b") == 2

    def test_one_file_may_have_commands_of_both_links(self):
        text = (
            'link = "dbus"\n' + command() + '[[command]]\ndirection = "com>ocpp"\ncode = 0x99\nname = "n"\nsummary=""'
        )
        mine, other = over(text).commands[-2:]
        assert (mine.route.link.name, other.route.link.name) == ("pwrboard", "dbus")

    def test_a_missing_field_of_varying_size_is_reported(self):
        text = command('{ name = "a", size = 2 }, { name = "b", size = "rest", type = "unknown" }')
        message = Codec(over(text.replace('summary = ""', 'summary = "{a}"'))).decode(frame(COM_TO_PWR, 0x40, b"\1"))
        assert message.problem == "payload has 1 byte, without a, b"
        assert message.summary == "undefined 01; payload has 1 byte, without a, b"


class TestFieldsThatNobodyKnows:
    @pytest.mark.parametrize(
        "field",
        [
            'name = "rest", size = "rest", type = "unknown"',
            'name = "unknown_0", size = 2',
            'name = "unknown", size = 1',
        ],
    )
    def test_nothing_is_claimed_of_them(self, field):
        assert only(over(command(f"{{ {field} }}")).commands[-1].fields).provenance is None

    def test_unless_the_file_does(self):
        field = only(over(command('{ name = "unknown_0", size = 2, provenance = "assumed" }')).commands[-1].fields)
        assert field.provenance == ASSUMED

    def test_a_named_number_without_provenance_is_the_users(self):
        assert only(over(command('{ name = "known", size = 2 }')).commands[-1].fields).provenance == USER


class TestLines:
    MINE = '[[line]]\npattern = "fan = {speed}"\nname = "fan"\nfields = [{ name = "speed", unit = "rpm" }]\n'

    def test_a_new_one_is_tried_before_the_packaged_ones(self):
        definition = over(self.MINE)
        mine = definition.lines[0]
        assert (mine.name, mine.provenance, only(mine.fields).provenance) == ("fan", USER, USER)
        assert definition.lines[1:] == DEFINITION.lines

    def test_one_of_a_known_pattern_takes_its_place(self):
        definition = over('[[line]]\npattern = "CP_INFO"\nname = "who it is"')
        assert [line.name for line in definition.lines if line.pattern == "CP_INFO"] == ["who it is"]
        assert len(definition.lines) == len(DEFINITION.lines)

    def test_those_of_a_later_file_are_tried_first(self):
        definition = over(self.MINE, self.MINE.replace("fan", "pump"))
        assert [line.name for line in definition.lines[:2]] == ["pump", "fan"]


class TestEnumerations:
    def test_a_value_is_added_to_those_that_are_there(self):
        statuses = over('[enumeration.status]\nvalues = [{ number = 9, name = "Parked" }]').statuses
        assert statuses.names == {**DEFINITION.statuses.names, 9: "Parked"}
        assert statuses.provenance == {**DEFINITION.statuses.provenance, 9: USER}
        assert statuses.label == "status"

    def test_packaged_commands_read_by_the_new_values(self):
        definition = over('[enumeration.status]\nvalues = [{ number = 9, name = "Parked" }]')
        message = Codec(definition).decode(frame(PWR_TO_COM, 0x01, bytes([1, 9, 6, 0, 0, 0, 0, 0, 12, 0, 0])))
        assert message.value("status") == "Parked"
        assert {field.name: field.provenance for field in message.fields}["status"] == USER
        assert definition.command("status report").provenance == DOCUMENTED

    def test_a_value_of_a_known_number_takes_its_place(self):
        errors = over('[enumeration.ocpp_error]\nvalues = [{ number = 15, name = "NoSignal" }]').ocpp_errors
        assert (errors.names[15], errors.provenance[15]) == ("NoSignal", USER)

    def test_a_new_one_is_there_for_all_files(self):
        mine = '[enumeration.mode]\nlabel = "mode"\nvalues = [{ number = 1, name = "Boost" }]'
        definition = over(command('{ name = "mode", size = 1, enumeration = "mode" }'), mine)
        assert Codec(definition).decode(frame(COM_TO_PWR, 0x40, b"\1")).value("mode") == "Boost"

    def test_one_word_may_stand_for_all_of_its_values(self):
        text = '[enumeration.status]\nprovenance = "assumed"\nvalues = [{ number = 9, name = "Parked" }]'
        assert over(text).statuses.provenance[9] == ASSUMED

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ('status]\nvalues = [{ number = 8, name = "Broken" }]', "status: values: must keep Faulted"),
            ('status]\nvalues = [{ number = 1, name = "Plugged" }]', "status: values: must keep Preparing"),
            ('ocpp_error]\nvalues = [{ number = 6, name = "Fine" }]', "ocpp_error: values: must keep NoError"),
            ('status]\nvalues = [{ number = 9, name = "FAULTED" }]', "different from the name of number 8"),
        ],
    )
    def test_names_that_are_looked_up_stay(self, text, message):
        assert message in refusal(f"[enumeration.{text}")

    def test_statuses_may_change_places(self):
        values = '{ number = 3, name = "SuspendedEV" }, { number = 4, name = "SuspendedEVSE" }'
        text = f"[enumeration.status]\nvalues = [{values}]"
        assert [over(text).statuses.names[number] for number in (3, 4)] == ["SuspendedEV", "SuspendedEVSE"]


class TestTransitions:
    def test_those_from_one_status_are_replaced(self):
        definition = over('[[transition]]\nfrom = "Reserved"\nto = ["Charging"]')
        assert definition.transitions == {**DEFINITION.transitions, "Reserved": ("Charging",)}
        assert definition.transition_provenance == {**DEFINITION.transition_provenance, "Reserved": USER}

    def test_the_packaged_ones_are_inferred(self):
        assert set(DEFINITION.transition_provenance.values()) == {INFERRED}
        assert DEFINITION.transition_provenance.keys() == DEFINITION.transitions.keys()

    def test_they_may_lead_to_a_status_that_a_file_adds(self):
        names = '[enumeration.status]\nvalues = [{ number = 9, name = "Parked" }]'
        definition = over('[[transition]]\nfrom = "Parked"\nto = ["Available"]', names)
        assert definition.transitions["Parked"] == ("Available",)


class TestPilot:
    def test_a_state_is_replaced_or_added(self):
        mine = '[[pilot]]\nstate = "E"\nvoltage = 0\nwindow = [-0.5, 0.5]\nmeaning = "short"\n'
        definition = over(mine + mine.replace('"E"', '"G"').replace("= 0\n", "= 20\n"))
        assert [state.state for state in definition.pilot] == list("ABCDEFG")
        assert (definition.pilot[4].meaning, definition.pilot[4].provenance) == ("short", USER)
        assert definition.pilot_state(0.4) == definition.pilot[4]


class TestErrorRows:
    def test_an_m4_code_is_added_to_a_packaged_row_which_keeps_the_rest(self):
        row = only(rows(over("[[error]]\nvendor = 0x100208\nm4 = 7"), 0x100208))
        assert row.m4 == {7: USER}
        assert (row.meaning, row.provenance, row.stop_reason) == ("Relay fault", DOCUMENTED, "SR_RELAY")
        assert (row.ocpp, row.ocpp_provenance) == (11, INFERRED)

    def test_codes_are_added_to_those_that_a_row_has(self):
        row = only(rows(over(error("vendor = 0x200208\nm4 = [9, 10]\nm4_provenance = 'assumed'")), 0x200208))
        assert row.m4 == {4: DOCUMENTED, 9: ASSUMED, 10: ASSUMED}

    def test_the_users_word_on_an_m4_code_takes_it_from_the_packaged_row(self):
        definition = over(error("vendor = 0x100208\nm4 = 4"))
        assert only(rows(definition, 0x200208)).m4 == {}
        assert only(rows(definition, 0x100208)).m4 == {4: USER}

    def test_a_file_may_state_one_code_for_several_rows(self):
        definition = over(error("vendor = 0x100208\nm4 = 4") + error("vendor = 0x200208\nm4 = 4"))
        assert [only(rows(definition, vendor)).m4 for vendor in (0x100208, 0x200208)] == [{4: USER}, {4: USER}]

    def test_a_vendor_code_alone_is_about_all_of_its_rows(self):
        assert [row.m4 for row in rows(over(error("vendor = 0x10020F\nm4 = 5")), 0x10020F)] == [{5: USER}, {5: USER}]

    def test_a_stop_reason_names_one_of_them(self):
        found = rows(over(error('vendor = 0x10020F\nstop_reason = "SR_METERCOM"\nm4 = 5')), 0x10020F)
        assert [(row.meaning, row.m4) for row in found] == [("Meter data fault", {}), ("Meter comm fault", {5: USER})]

    def test_another_stop_reason_or_vendor_code_or_none_is_a_new_row(self):
        text = (
            error('vendor = 0x10020F\nstop_reason = "SR_MINE"\nmeaning = "meter lid"')
            + error('vendor = 0x100999\nmeaning = "fan"\nocpp = 7')
            + error('m4 = 12\nmeaning = "watchdog"\nprovenance = "assumed"\nm4_provenance = "assumed"')
        )
        definition = over(text)
        assert definition.errors[:-3] == DEFINITION.errors
        lid, fan, watchdog = definition.errors[-3:]
        assert (lid.vendor, lid.stop_reason, lid.meaning, lid.provenance) == (0x10020F, "SR_MINE", "meter lid", USER)
        assert (fan.stop_reason, fan.ocpp, fan.ocpp_provenance) == ("", 7, USER)
        assert (watchdog.vendor, watchdog.provenance, watchdog.m4) == (None, ASSUMED, {12: ASSUMED})

    def test_a_new_row_needs_a_meaning(self):
        assert "my1.toml: error 1: meaning is missing: it must be a text" in refusal(error("vendor = 0x999\nm4 = 7"))
        assert "my1.toml: error 1: meaning is missing" in refusal(error("m4 = 7"))

    def test_a_later_file_may_take_all_codes_from_a_row_without_vendor_which_then_is_gone(self):
        definition = over(error('m4 = 12\nmeaning = "fan"'), error('m4 = 12\nmeaning = "pump"'))
        assert [row.meaning for row in definition.errors if row.vendor is None] == ["pump"]


class TestWhoseWordItIs:
    """Verified, documented and inferred stay with facts that the package states in the same way; all else is `user`."""

    def edited(self, before, after):
        text = format_definition(DEFINITION)
        assert text.count(before) == 1
        return over(text.replace(before, after))

    def test_what_was_not_touched_keeps_its_word(self):
        assert over(format_definition(DEFINITION)) == DEFINITION

    def test_a_changed_field_is_the_users_and_its_neighbours_keep_theirs(self):
        before = 'name = "l2_voltage", size = 2, divisor = 100'
        voltages = self.edited(before, before.replace("100", "10")).command("phase voltages")
        assert [field.provenance for field in voltages.fields] == [INFERRED, USER, INFERRED]
        assert voltages.provenance == INFERRED

    def test_what_was_assumed_stays_assumed_until_the_word_is_taken_away(self):
        original = 'provenance = "assumed", about = "Control pilot voltage:'
        changed = self.edited(original, original.replace("Control pilot", "Plug")).command("status report")
        assert {field.name: field.provenance for field in changed.fields}["cp_voltage"] == ASSUMED
        changed = self.edited(original, 'about = "Control pilot voltage:').command("status report")
        assert {field.name: field.provenance for field in changed.fields}["cp_voltage"] == USER

    def test_the_same_field_at_another_place_is_another_fact(self):
        fields = '{ name = "x", size = 1 }, { name = "connector", size = 1, provenance = "inferred" }'
        assert over(command(fields, code="0x01")).command("mine").fields[1].provenance == USER
        fields = '{ name = "connector", size = 1, provenance = "inferred" }'
        assert only(over(command(fields, code="0x01")).command("mine").fields).provenance == INFERRED

    def test_a_changed_name_of_a_command_is_the_users(self):
        changed = self.edited('name = "phase voltages"', 'name = "voltages"').command("voltages")
        assert changed.provenance == USER
        assert {field.provenance for field in changed.fields} == {INFERRED}

    def test_a_field_that_the_package_claims_nothing_of_and_the_user_names_is_the_users(self):
        named = self.edited('name = "unknown_9", size = 4, type = "unknown"', 'name = "power", size = 4')
        before, after = DEFINITION.command("meter values"), named.command("meter values")
        place = before.positions["unknown_9"]
        assert isinstance(before.fields[place].conversion, Plain)
        assert (after.fields[place].name, after.fields[place].provenance) == ("power", USER)

    @pytest.mark.parametrize("word", ["verified", "documented"])
    def test_no_better_word_than_the_package_has_is_taken(self, word):
        original = 'summary = "connector {connector}, {acceptance}"\nprovenance = "inferred"'
        changed = self.edited(original, original.replace("inferred", word))
        assert changed.command("status answer").provenance == USER

    def test_a_meaning_that_changed_is_the_users_and_its_codes_keep_their_words(self):
        row = only(rows(self.edited('"Under voltage"', '"Mains too low"'), 0x200208))
        assert (row.provenance, row.ocpp_provenance, row.m4) == (USER, DOCUMENTED, {4: DOCUMENTED})

    @pytest.mark.parametrize("word", ["documented", "inferred", "verified"])
    def test_a_new_fact_cannot_be_called_by_the_packages_words(self, word):
        text = f"vendor = 0x100208\nm4 = 7\nm4_provenance = '{word}'\nocpp = 7\nocpp_provenance = '{word}'"
        row = only(rows(over(error(text)), 0x100208))
        assert (row.m4, row.ocpp_provenance) == ({7: USER}, USER)

    def test_a_repeated_fact_without_provenance_is_the_users(self):
        assert only(rows(over(error("vendor = 0x200208\nm4 = 4")), 0x200208)).m4 == {4: USER}

    def test_what_is_assumed_stays_assumed(self):
        text = command('{ name = "level", size = 1, provenance = "assumed" }', more='provenance = "assumed"')
        mine = over(text).commands[-1]
        assert (mine.provenance, only(mine.fields).provenance) == (ASSUMED, ASSUMED)


class TestSeveralFiles:
    def test_the_later_one_holds(self):
        first, second = command(more='about = "first"'), command(more='about = "second"')
        assert over(first, second).commands[-1].about == "second"
        assert over(second, first).commands[-1].about == "first"

    def test_an_error_names_the_file_that_contains_it(self):
        assert refusal(command(), error("vendro = 1")).startswith("my2.toml: error 1: ")


def test_a_user_value_may_not_take_the_name_of_a_higher_number():
    message = refusal('[enumeration.ocpp_error]\nvalues = [{ number = 0, name = "UnderVoltage" }]')
    assert "values 1: name = 'UnderVoltage': must be different from the name of number 14" in message
