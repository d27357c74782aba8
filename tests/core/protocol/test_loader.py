"""A data file that breaks the format is refused: the message names file, entry and key, and says what is allowed.

What `load` accepts works: nothing that a file can say comes out only when a frame is on the wire.
"""

import pytest
from msgspec.structs import replace

from sniffer.base.errors import DefinitionError
from sniffer.core.protocol.loader import find_indexed_row, is_same_row, load, packaged_definition, packaged_files

CODES = """
[enumeration.status]
label = "status"
provenance = "documented"
values = [
    { number = 0, name = "Available" },
    { number = 1, name = "Unavailable", provenance = "assumed" },
    { number = 2, name = "Faulted" },
]
[enumeration.ocpp_error]
label = "OCPP error"
provenance = "documented"
values = [{ number = 6, name = "NoError" }]
"""
ENUMERATION = '[enumeration.status]\nlabel = "status"\n'


def command(field="", **changed):
    """Return the text of a file with one command, which has one field."""
    entry = {"code": "1", "direction": '"pwr>com"', "name": '"n"', "summary": '""'} | changed
    lines = [f"{key} = {value}" for key, value in entry.items() if value]
    return 'link = "pwrboard"\n[[command]]\n' + "\n".join(lines) + (f"\nfields = [{{ {field} }}]\n" if field else "\n")


def line(field="", **changed):
    entry = {"pattern": '"{a}"', "name": '"n"', "provenance": '"assumed"'} | changed
    lines = [f"{key} = {value}" for key, value in entry.items() if value]
    return "[[line]]\n" + "\n".join(lines) + (f"\nfields = [{{ {field} }}]\n" if field else "\n")


def error(**changed):
    entry = {"vendor": "1", "stop_reason": '"s"', "meaning": '"m"', "provenance": '"assumed"'} | changed
    return "[[error]]\n" + "\n".join(f"{key} = {value}" for key, value in entry.items() if value)


def transition(start='"Available"', ends='["Faulted"]', provenance='provenance = "assumed"'):
    return f"[[transition]]\nfrom = {start}\nto = {ends}\n{provenance}"


def pilot(**changed):
    entry = {"state": '"A"', "voltage": "12", "meaning": '"m"'} | changed
    return "[[pilot]]\n" + "\n".join(f"{key} = {value}" for key, value in entry.items() if value)


def refusal(text):
    with pytest.raises(DefinitionError) as refused:
        load({"codes.toml": CODES, "my.toml": text})
    return str(refused.value)


def test_the_packaged_files_are_read_once():
    assert packaged_definition() is packaged_definition()


def test_good_files_make_a_definition_together():
    definition = load(
        {
            "codes.toml": CODES,
            "my.toml": command('name = "a", size = 1, enumeration = "status"', summary='"{a}"', tells='"status"'),
            "log.toml": line('name = "a"'),
        }
    )
    assert [(found.name, found.code, found.size, found.role) for found in definition.commands] == [
        ("n", 1, 1, "status")
    ]
    assert [found.name for found in definition.lines] == ["n"]
    assert definition.statuses.provenance == {0: "documented", 1: "assumed", 2: "documented"}


WRONG = {
    # key at fault and what is allowed: the text of the file
    ("my.toml", "not valid TOML"): "x = ",
    ("my.toml: command", "a list of tables"): "command = 1",
    ("my.toml: command ", "command = [1]", "a list of tables"): "command = [1]",
    ("my.toml: enumeration = 1", "a table"): "enumeration = 1",
    ("my.toml: enumeration: status = 1", "a table"): "enumeration = { status = 1 }",
    ("my.toml: enumeration: other: label is missing", "a text"): '[enumeration.other]\nprovenance = "assumed"',
    ("status: values 1: number is missing", "a whole number"): ENUMERATION + 'values = [{ name = "a" }]',
    ("status: values 1: provenance is missing", "one of verified"): ENUMERATION
    + 'values = [{ name = "a", number = 1 }]',
    ("status: provenance = 'sure'", "one of verified, documented, inferred, assumed"): ENUMERATION
    + 'provenance = "sure"',
    ("my.toml: command 1 (n): code = '01'", "a whole number"): command(code='"01"'),
    ("my.toml: command 1 (n): code is missing", "a whole number"): command(code=""),
    ("my.toml: command 1 (n): code = 256",): command(code="256"),
    ("my.toml: command 1 (n): code = -1",): command(code="-1"),
    ("my.toml: command 1 (n): code = True", "a whole number"): command(code="true"),
    ("my.toml: command 1 (n): direction = 'up'", "one of com>pwr, pwr>com"): command(direction='"up"'),
    ("my.toml: command 1 (n): direction = 'com>ocpp'", "one of com>pwr, pwr>com"): command(direction='"com>ocpp"'),
    ("my.toml: link = 'canbus'", "pwrboard, dbus"): command().replace("pwrboard", "canbus"),
    ("my.toml: command 1 (n): link is missing", "one of pwrboard, dbus"): command().replace('link = "pwrboard"', ""),
    ("my.toml: command 1 (n): tells = 'boots'", "one of boot, boot answer, handshake"): command(tells='"boots"'),
    ("my.toml: command 1: name is missing", "a text"): command(name=""),
    ("my.toml: command 1 (n): summary is missing", "a text"): command(summary=""),
    ("my.toml: command 1 (n): summary", "{b}"): command('name = "a", size = 1', summary='"{b}"'),
    ("my.toml: command 1 (n): summary", "{a"): command('name = "a", size = 1', summary='"{a"'),
    ("my.toml: command 1 (n): summary", "{a.b}"): command('name = "a", size = 1', summary='"{a.b}"'),
    ("command 1 (n): fields 1: name is missing", "a text"): command("size = 1"),
    ("command 1 (n): fields 1: size is missing",): command('name = "a"'),
    ("command 1 (n): fields 1: size = 0", 'a number of bytes, "rest" or "to zero"'): command('name = "a", size = 0'),
    ("command 1 (n): fields 1: size = 'all'", 'a number of bytes, "rest" or "to zero"'): command(
        'name = "a", size = "all"'
    ),
    ("command 1 (n): fields 1: size = True", "a number of bytes"): command('name = "a", size = true'),
    ("command 1 (n): fields 1: size = 100000000000000000000",): command('name = "a", size = 100000000000000000000'),
    (
        "command 1 (n): fields 1: type = 'real'",
        "one of uint, int, sign magnitude, bcd, float, decimal, ascii, bytes, unknown, utf-8, latin-1, gbk, time, bits",
    ): command('name = "a", size = 1, type = "real"'),
    ("command 1 (n): fields 1: show = 'octal'", "hex"): command('name = "a", size = 1, show = "octal"'),
    ("command 1 (n): fields 1: divisor = 0.5", "a whole number"): command('name = "a", size = 1, divisor = 0.5'),
    ("command 1 (n): fields 1: divisor = 0",): command('name = "a", size = 1, divisor = 0'),
    ("fields 1: enumeration = 'x'", "one of status, ocpp_error"): command('name = "a", size = 1, enumeration = "x"')
    + CODES.replace("status", "other").replace("ocpp_error", "another"),
    ("command 1 (n): fields 1: default = 'x'", "bytes in hexadecimal"): command('name = "a", size = 1, default = "x"'),
    ("command 1 (n): fields 1: default = '0102'", "1 byte in hexadecimal"): command(
        'name="a", size=1, default = "0102"'
    ),
    ("command 1 (n): fields 1: default = '01'", "2 bytes in hexadecimal"): command('name="a", size=2, default = "01"'),
    ("command 1 (n): fields 1: provenance = 1", "one of verified"): command('name = "a", size = 1, provenance = 1'),
    ("my.toml: line 1: provenance is missing", "one of verified"): line('name = "a"', provenance=""),
    ("my.toml: line 1: pattern is missing", "a text"): line('name = "a"', pattern=""),
    ("my.toml: line 1: pattern", "{a}"): line(),
    ("my.toml: line 1: pattern = '{a}{a}'",): line('name = "a"', pattern='"{a}{a}"'),
    ("my.toml: line 1: pattern = 'x'", "a"): line('name = "a"', pattern='"x"'),
    ("my.toml: transition 1: from = 5", "one of Available"): transition(start="5"),
    ("my.toml: transition 1: from = 'Parked'", "one of Available"): transition(start='"Parked"'),
    ("my.toml: transition 1: to = 'Faulted'", "a list of different ones of Available"): transition(ends='"Faulted"'),
    ("my.toml: transition 1: to = [5]",): transition(ends="[5]"),
    ("my.toml: transition 1: to = ['Faulted', 'Faulted']", "different"): transition(ends='["Faulted", "Faulted"]'),
    ("my.toml: transition 1: provenance is missing", "one of verified"): transition(provenance=""),
    ("my.toml: pilot 1: voltage = '12'", "number"): pilot(voltage='"12"'),
    ("my.toml: pilot 1: window = [1]", "the lowest and the highest voltage"): pilot(window="[1]"),
    ("my.toml: pilot 1: window = ['a', 'b']", "the lowest and the highest voltage"): pilot(window='["a", "b"]'),
    ("my.toml: error 1: vendor = '0x1'", "a whole number"): error(vendor='"0x1"'),
    ("my.toml: error 1: meaning is missing", "a text"): error(meaning="", provenance=""),
    ("my.toml: error 1: provenance = 'assumed'", "left out where meaning is not stated"): error(meaning=""),
    ("my.toml: error 1: ocpp = 1.5", "a whole number"): error(ocpp="1.5"),
    ("my.toml: error 1: provenance is missing", "one of verified"): error(provenance=""),
    ("my.toml: error 1: ocpp_provenance is missing", "one of verified"): error(ocpp="1"),
    ("my.toml: error 1: ocpp_provenance = 'no'", "one of verified"): error(ocpp="1", ocpp_provenance='"no"'),
    ("my.toml: error 1: ocpp_provenance = 'user'", "left out where ocpp is not stated"): error(
        ocpp_provenance='"user"'
    ),
    ("my.toml: error 1: m4_provenance is missing", "one of verified"): error(m4="4"),
    ("my.toml: error 1: m4_provenance = ['user']", "a list of 2"): error(m4="[4, 5]", m4_provenance='["user"]'),
    ("my.toml: error 1: m4 = []", "a whole number from 1"): error(m4="[]"),
    ("my.toml: error 1: m4 = [4, 4]", "a list of different ones"): error(m4="[4, 4]"),
    ("my.toml: error 1: m4 = [4, '5']", "a whole number from 1"): error(m4="[4, '5']"),
    ("my.toml: error 1: vendor is missing", "given, or else m4"): error(vendor=""),
    ("my.toml: error 1: vendor = 0", "from 1"): error(vendor="0"),
    ("my.toml: pilot 1: window = [12.5, 11.5]", "the lowest and the highest"): pilot(window="[12.5, 11.5]"),
    ("my.toml: pilot 1: window = [nan, nan]", "the lowest and the highest"): pilot(window="[nan, nan]"),
    ("my.toml: command 1 (n): code = a number of thousands of digits", "from 0 to 255"): command(
        code="0x" + "F" * 9000
    ),
    # what a screen cannot show as it stands
    ("my.toml: command 1: name = 'a\\x1b[2J'", "without control characters"): command(name=r'"a\u001b[2J"'),
    ("my.toml: command 1 (n): about = 'a\\nb'", "a text of one line"): command(about=r'"a\nb"'),
    ("my.toml: enumeration: 'a b'", "letters, digits and _"): '[enumeration."a b"]\nlabel = "x"',
    # what would fail, or do nothing, when a frame or a line comes
    ("fields 1: name = '0'", "no digit first"): command('name = "0", size = 1', summary='"{0}"'),
    ("fields 1: name = 'undefined'", 'not "undefined"'): command('name = "undefined", size = 1'),
    ("command 1 (n): fields 2: name = 'a'", "different"): command('name = "a", size = 1 }, { name = "a", size = 1'),
    ("fields 1: size = 9", "from 1 to 8"): command('name = "a", size = 9'),
    ("fields 1: divisor = 10", "left out for a number of more"): command('name = "a", size = 7, divisor = 10'),
    ("fields 1: size = 'rest'", "from 1 to 8"): command('name = "a", size = "rest"'),
    ("line 1: fields 1: size = 'to zero'", "from 1 to 8"): line('name = "a", size = "to zero"'),
    ("line 1: fields 1: type = 'ascii'", "one of uint, decimal, text, unknown"): line('name = "a", type = "ascii"'),
    ("fields 1: type = 'ascii'", '"uint", as status is a number'): command(
        'name = "status", size = 1, type = "ascii"', tells='"status"'
    ),
    ("fields 1: type is missing", "as l1_voltage is a voltage"): command(
        'name = "l1_voltage", size = 2, show = "hex"', tells='"voltages"'
    ),
    ("line 1: fields 1: type = 'text'", "as m4_error is a number"): line(
        'name = "m4_error", type = "text"', pattern='"{m4_error}"', tells='"fault"'
    ),
    ("line 1: pattern = '{a}{b}'", "between two fields"): line('name = "a" }, { name = "b"', pattern='"{a}{b}"'),
    ("fields 1: unit = 'V'", "left out with an enumeration"): command(
        'name = "a", size = 1, enumeration = "status", unit = "V"'
    ),
    ("fields 1: divisor = 10", 'left out with show = "hex"'): command('name="a", size=1, show="hex", divisor=10'),
    # keys that are no keys
    ("my.toml: comand: no such key here", "link, framed, enumeration"): "[[comand]]",
    ("my.toml: command 1 (n): sumary: no such key here", "direction, code"): command(sumary='"x"'),
    ("my.toml: command 1 (n): fields 1: sise: no such key", "name, names, size"): command(
        'name = "a", size = 1, sise = 1'
    ),
    ("my.toml: command 1 (n): fields 1: unit: no such key", "name, names, size"): command(
        'name="a", size=1, type="ascii", unit="V"'
    ),
    ("my.toml: line 1: fields 1: default: no such key", "name, size"): line('name = "a", default = "00"'),
    ("my.toml: line 1: about: no such key", "pattern, name"): line('name = "a"', about='"x"'),
    ("my.toml: error 1: vendro: no such key", "vendor, stop_reason"): error(vendro="1"),
    ("my.toml: pilot 1: volts: no such key", "state, voltage"): pilot(volts="1"),
    ("my.toml: transition 1: also: no such key", "from, to"): transition() + "\nalso = 1",
    ("status: title: no such key", "label, provenance, values"): ENUMERATION + 'title = "x"',
    ("status: values 1: nam: no such key", "number, name"): ENUMERATION + 'values = [{ number = 1, nam = "x" }]',
    # what stands twice in one file
    ("status: values 2: number = 3", "different from that of my.toml: enumeration: status: values 1"): ENUMERATION
    + 'provenance = "user"\nvalues = [{ number = 3, name = "A" }, { number = 3, name = "B" }]',
    ("status: values 1: name = 'faulted'", "different from the name of number 2"): ENUMERATION
    + 'provenance = "user"\nvalues = [{ number = 3, name = "faulted" }]',
    ("my.toml: enumeration: status: values: must keep Unavailable",): ENUMERATION
    + 'provenance = "user"\nvalues = [{ number = 1, name = "Out of order" }]',
    ("my.toml: command 2 (n): has the same direction, code and size as my.toml: command 1 (n)",): command()
    + command().partition("\n")[2],
    ("my.toml: line 2: has the same pattern as my.toml: line 1",): line('name = "a"') + line('name = "a"'),
    ("my.toml: transition 2: has the same from as my.toml: transition 1",): transition() + "\n" + transition(),
    ("my.toml: pilot 2: has the same state as my.toml: pilot 1",): (pilot(provenance='"user"') + "\n") * 2,
    ("my.toml: error 2: has the same codes as my.toml: error 1",): (error() + "\n") * 2,
}


@pytest.mark.parametrize("parts", WRONG, ids=lambda parts: parts[0])
def test_a_wrong_entry_is_named_with_what_is_allowed(parts):
    message = refusal(WRONG[parts])
    assert all(part in message for part in parts), message
    assert "\n" not in message


@pytest.mark.parametrize(
    "text", ["x = " + "9" * 5000, "x = " + "[" * 20000, "\0", "x = 2023-13-45", "[a]\n[a]"], ids=lambda text: text[:6]
)
def test_text_that_no_toml_reader_takes_is_refused(text):
    assert refusal(text).startswith("my.toml: ")


def test_invalid_toml_is_reported_with_its_line():
    assert "at line 3, column 5" in refusal("# mine\n\na = =")


@pytest.mark.parametrize("name", ["status", "ocpp_error"])
def test_a_definition_without_statuses_or_error_codes_is_refused(name):
    with pytest.raises(DefinitionError, match=name):
        load({"codes.toml": CODES.replace(name, "other")})


def test_an_index_counts_the_rows_of_the_packaged_error_table_from_one():
    rows = packaged_definition().errors
    assert [find_indexed_row(index) for index in range(1, 22)] == [*rows]
    assert [find_indexed_row(index) for index in (-1, 0, 22, 10**19)] == [None] * 4
    assert rows[2].m4.keys() == {4}


def test_a_row_is_the_same_whatever_its_meaning():
    row, other = packaged_definition().errors[5:7]
    assert is_same_row(row, replace(row, meaning="mine", m4={}))
    assert not is_same_row(row, other)


ALARM = """
[[link]]
name = "alarm"
heads = { "board>panel" = "5A" }
length = { at = 1, size = 1, adds = 3 }
payload = 2
check = { name = "sum" }

[[error]]
vendor = 5
meaning = "Too hot"

[[command]]
direction = "board>panel"
code = 0
name = "state"
summary = "{alarm}, card {card}"
fields = [
    { name = "alarm", size = 1, tells = "vendor_error" },
    { name = "card", size = 2, type = "bytes" },
]
"""


def test_a_field_that_tells_a_fault_is_shown_by_the_error_table_and_bytes_have_a_provenance() -> None:
    command = load(packaged_files(), [("alarm.toml", ALARM)]).command("state")
    alarm, card = command.fields
    assert [alarm.conversion.text(raw) for raw in (0, 5, 6)] == ["none", "Too hot", "6"]
    assert (alarm.conversion.value(5), card.conversion.value(b"\x0a\xff"), card.provenance) == (5, "0aff", "user")
