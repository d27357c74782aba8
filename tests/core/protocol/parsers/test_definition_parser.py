"""The entries of one data file: what each key becomes, and which entries exclude each other.

`test_loader.py` has the messages about wrong values; here is what the values of a good file become.
"""

import pytest

from sniffer.base.errors import DefinitionError
from sniffer.core.protocol.definition import LogLinePattern, PilotState
from sniffer.core.protocol.definition_writer import format_definition
from sniffer.core.protocol.enumeration import EnumerationEntry, Provenance, parse_enumerations
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.protocol.parsers.definition_parser import ErrorEntry, ParsedFile, Transition
from sniffer.core.wire.links import COM_TO_OCPP, PACKAGED, PWR_TO_COM
from tests.core.protocol.helpers import DEFINITION
from tests.core.protocol.parsers.helpers import parse, refuse, table


def parse_enumeration(text: str, left_out: Provenance | None = Provenance.USER) -> EnumerationEntry:
    return parse_enumerations(table(f"[enumeration.color]\n{text}"), left_out)["color"]


class TestEnumerations:
    def test_each_value_has_its_facts(self) -> None:
        entry = parse_enumeration('label = "Color"\nvalues = [{ number = 3, name = "Red", meaning = "stop" }]')
        assert (entry.label, entry.names, entry.meanings) == ("Color", {3: "Red"}, {3: "stop"})
        assert entry.provenance == {3: Provenance.USER}
        assert entry.entries[3].place == "my.toml: enumeration: color: values 1"

    def test_a_label_and_a_meaning_may_be_left_out(self) -> None:
        entry = parse_enumeration('values = [{ number = 3, name = "Red" }]')
        assert (entry.label, entry.meanings) == (None, {3: ""})

    def test_the_common_provenance_holds_for_values_without_their_own(self) -> None:
        entry = parse_enumeration(
            'provenance = "inferred"\nvalues = [{ number = 3, name = "Red" },'
            ' { number = 4, name = "Blue", provenance = "assumed" }]',
            None,
        )
        assert entry.provenance == {3: Provenance.INFERRED, 4: Provenance.ASSUMED}

    def test_a_provenance_is_needed_where_none_stands_for_a_missing_one(self) -> None:
        with pytest.raises(DefinitionError, match="values 1: provenance is missing"):
            parse_enumeration('values = [{ number = 3, name = "Red" }]', None)

    def test_a_number_stands_once(self) -> None:
        with pytest.raises(DefinitionError, match="values 2: number = 3: must be different from that of"):
            parse_enumeration('values = [{ number = 3, name = "Red" }, { number = 3, name = "Blue" }]')

    def test_a_name_is_an_identifier(self) -> None:
        with pytest.raises(DefinitionError, match="'2a': must be a name of letters, digits and _"):
            parse_enumerations(table('[enumeration."2a"]'), None)

    def test_a_file_without_enumerations_has_none(self) -> None:
        assert parse_enumerations(table(""), None) == {}


class TestLines:
    LINE = '[[line]]\npattern = "a = {a}, b = {b}"\nname = "mine"\nfields = [{ name = "b" }, { name = "a" }]\n'

    def test_each_key_is_taken_over(self) -> None:
        (line,) = parse(self.LINE + 'tells = "boot"').lines
        assert line == LogLinePattern("a = {a}, b = {b}", "mine", "boot", Provenance.USER, line.fields)
        assert [field.name for field in line.fields] == ["b", "a"]
        assert parse(self.LINE).lines[0].role is None

    @pytest.mark.parametrize("pattern", ["{a}", "{a} {b} {b}", "{a} {b} {c}", "a b"])
    def test_a_pattern_has_each_field_once(self, pattern: str) -> None:
        message = refuse(self.LINE.replace("a = {a}, b = {b}", pattern))
        assert message.endswith("must be a text with each field of this line once: {b} {a}")

    def test_two_fields_need_something_between_them(self) -> None:
        assert "something between two fields" in refuse(self.LINE.replace("a = {a}, b = {b}", "{a}{b}"))
        assert "has the same pattern as" in refuse(self.LINE * 2)


class TestTransitionsAndPilot:
    MOVE = '[[transition]]\nfrom = "Available"\nto = ["Preparing"]\n'
    PILOT = '[[pilot]]\nstate = "A"\nvoltage = -12\nmeaning = "x"\nprovenance = "inferred"\n'

    def test_a_transition_has_its_ends(self) -> None:
        assert parse(self.MOVE).transitions == (Transition("Available", ("Preparing",), Provenance.USER),)
        assert "transition 2: has the same from as" in refuse(self.MOVE * 2)

    def test_a_pilot_state_may_have_a_window(self) -> None:
        assert parse(self.PILOT).pilot == (PilotState("A", -12, None, "x", Provenance.INFERRED),)
        assert parse(self.PILOT + "window = [-13, -11.5]").pilot[0].window == (-13, -11.5)
        assert "pilot 2: has the same state as" in refuse(self.PILOT * 2)

    @pytest.mark.parametrize(("voltage", "allowed"), [(1000, True), (-1000, True), (1001, False), (-1001, False)])
    def test_a_voltage_is_within_a_thousand_volts(self, voltage: int, allowed: bool) -> None:
        text = self.PILOT.replace("-12", str(voltage))
        if allowed:
            assert parse(text).pilot[0].voltage == voltage
        else:
            assert refuse(text).endswith("must be a whole number from -1000 to 1000")


class TestErrors:
    def error(self, text: str) -> ErrorEntry:
        return parse(f"[[error]]\n{text}").errors[0]

    def test_each_code_has_its_provenance(self) -> None:
        entry = self.error(
            'vendor = 1\nstop_reason = "SR"\nmeaning = "x"\nprovenance = "verified"\nocpp = 2\n'
            'ocpp_provenance = "inferred"\nm4 = [3, 4]\nm4_provenance = ["assumed", "documented"]'
        )
        assert (entry.vendor, entry.stop_reason, entry.meaning, entry.ocpp) == (1, "SR", "x", 2)
        assert (entry.provenance, entry.ocpp_provenance) == (Provenance.VERIFIED, Provenance.INFERRED)
        assert entry.m4 == {3: Provenance.ASSUMED, 4: Provenance.DOCUMENTED}

    def test_what_is_not_stated_is_none(self) -> None:
        entry = self.error("vendor = 1")
        assert (entry.stop_reason, entry.meaning, entry.provenance) == (None, None, None)
        assert (entry.ocpp, entry.ocpp_provenance, entry.m4) == (None, None, {})

    def test_a_provenance_that_is_left_out_is_the_files(self) -> None:
        entry = self.error('vendor = 1\nmeaning = "x"\nocpp = 2\nm4 = 3')
        assert (entry.provenance, entry.ocpp_provenance, entry.m4) == ("user", "user", {3: "user"})

    @pytest.mark.parametrize("text", ["vendor = 0", "vendor = 1\nm4 = 0", "vendor = 1\nm4 = [1, 0]"])
    def test_codes_begin_at_one(self, text: str) -> None:
        assert "must be a whole number from 1 to" in refuse(f"[[error]]\n{text}")

    def test_a_row_needs_a_code(self) -> None:
        assert refuse('[[error]]\nmeaning = "x"').endswith("vendor is missing: it must be given, or else m4")
        assert self.error('m4 = 4\nmeaning = "x"').vendor is None

    def test_rows_of_the_same_codes_exclude_each_other(self) -> None:
        assert "error 2: has the same codes as my.toml: error 1" in refuse("[[error]]\nvendor = 1\n" * 2)
        both = '[[error]]\nm4 = 4\nmeaning = "x"\n[[error]]\nm4 = 5\nmeaning = "y"'
        assert len(parse(both).errors) == 2
        assert "has the same codes as" in refuse(both.replace('"y"', '"x"'))


def test_an_empty_file_has_no_entries() -> None:
    assert parse("") == ParsedFile(PACKAGED, (), (), (), (), ())


def test_another_key_is_refused() -> None:
    assert refuse("x = 1").startswith(
        "my.toml: x: no such key here: allowed are title, sources, link, framed, enumeration, "
    )


EXCHANGE = """
[[exchange]]
name = "mine"
hops = ["pwr>com 01", "com>ocpp 0001"]
"""


class TestExchanges:
    def test_each_hop_is_a_route_and_a_code(self) -> None:
        (exchange,) = parse(EXCHANGE).exchanges
        assert (exchange.name, exchange.provenance) == ("mine", Provenance.USER)
        assert exchange.hops == ((PWR_TO_COM, 1), (COM_TO_OCPP, 1))

    @pytest.mark.parametrize(
        "hops",
        [
            '["pwr>com 01"]',
            '["pwr>com 01", "pwr>com 01"]',
            '["pwr>com 01", "com>ocpp 01"]',
            '["pwr>com 0001", "com>ocpp 0001"]',
            '["pwr>com 2d", "com>ocpp 002D"]',
            '["pwr>com", "com>ocpp 0001"]',
            '["up 01", "com>ocpp 0001"]',
            '["pwr>com  01", "com>ocpp 0001"]',
        ],
    )
    def test_hops_that_are_none_are_refused(self, hops: str) -> None:
        message = refuse(f'[[exchange]]\nname = "mine"\nhops = {hops}')
        assert message.startswith("my.toml: exchange 1: hops = ")
        assert message.endswith(
            'must be a list of at least two different ones, each a direction and a code: "pwr>com 01"'
        )

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            (EXCHANGE.replace('name = "mine"', ""), "exchange 1: name is missing: it must be a text"),
            (EXCHANGE + "role = 1", "exchange 1: role: no such key here: allowed are name, hops, provenance"),
            (EXCHANGE + 'provenance = "sure"', "exchange 1: provenance = 'sure': must be one of verified"),
            ('[[exchange]]\nname = "mine"', "exchange 1: hops is missing: it must be a list with at least one text"),
            ('[[exchange]]\nname = "mine"\nhops = []', "exchange 1: hops = []: must be a list with at least one text"),
            (EXCHANGE * 2, "exchange 2: has the same name as my.toml: exchange 1: allowed once in a file"),
        ],
    )
    def test_a_wrong_entry_is_named(self, text: str, message: str) -> None:
        assert message in refuse(text)

    def test_a_provenance_is_needed_where_none_stands_for_a_missing_one(self) -> None:
        assert "exchange 1: provenance is missing" in refuse(EXCHANGE, None)

    def test_one_of_a_known_name_takes_its_place_and_is_the_users(self) -> None:
        text = EXCHANGE.replace("mine", "meter")
        definition = load(packaged_files(), [("my.toml", text)])
        assert [one.name for one in definition.exchanges] == [one.name for one in DEFINITION.exchanges]
        (meter,) = (one for one in definition.exchanges if one.name == "meter")
        assert (meter.hops, meter.provenance) == (((PWR_TO_COM, 1), (COM_TO_OCPP, 1)), Provenance.USER)
        assert load(packaged_files(), [("written.toml", format_definition(definition))]) == definition
