"""A data file that breaks the format is refused: the message names file, entry and key, and says what is allowed.

What `load` accepts works: nothing that a file can say comes out only when a frame is on the wire.
"""

import pytest

from sniffer.errors import DefinitionError
from sniffer.protocol.loader import load, packaged_definition

CODES = """
[enumeration.status]
label = "status"
provenance = "documented"
values = [{ number = 0, name = "Available" }, { number = 1, name = "Broken", provenance = "assumed" }]
[enumeration.ocpp_error]
label = "OCPP error"
provenance = "documented"
values = [{ number = 6, name = "NoError" }]
"""
ENUMERATION = '[enumeration.status]\nlabel = "status"\n'


def command(field="", **changed):
    """A file with one command, which has one field."""
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
    assert [(found.name, found.code, found.size, found.tells) for found in definition.commands] == [
        ("n", 1, 1, "status")
    ]
    assert [found.name for found in definition.lines] == ["n"]
    assert definition.statuses.provenance == {0: "documented", 1: "assumed"}


WRONG = {
    # key at fault and what is allowed: the text of the file
    ("my.toml", "not valid TOML"): "x = ",
    ("my.toml: command", "a list of tables"): "command = 1",
    ("my.toml: command ", "command = [1]", "a list of tables"): "command = [1]",
    ("my.toml: enumeration = 1", "a table"): "enumeration = 1",
    ("my.toml: enumeration: status = 1", "a table"): "enumeration = { status = 1 }",
    ("my.toml: enumeration: status: label = None", "a text"): '[enumeration.status]\nprovenance = "assumed"',
    ("status: values 1: number = None", "a whole number"): ENUMERATION + 'values = [{ name = "a" }]',
    ("status: values 1: provenance = None", "given here or for the whole"): ENUMERATION
    + 'values = [{ name = "a", number = 1 }]',
    ("status: provenance = 'sure'", "one of verified, documented, inferred, assumed"): ENUMERATION
    + 'provenance = "sure"',
    ("my.toml: command 1: code = '01'", "a whole number"): command(code='"01"'),
    ("my.toml: command 1: code = None", "a whole number"): command(code=""),
    ("my.toml: command 1: code = 256",): command(code="256"),
    ("my.toml: command 1: code = -1",): command(code="-1"),
    ("my.toml: command 1: code = True", "a whole number"): command(code="true"),
    ("my.toml: command 1: direction = 'up'", "one of com>pwr, pwr>com"): command(direction='"up"'),
    ("my.toml: command 1: direction = 'com>ocpp'", "one of com>pwr, pwr>com"): command(direction='"com>ocpp"'),
    ("my.toml: link = 'canbus'", "pwrboard, dbus"): command().replace("pwrboard", "canbus"),
    ("my.toml: link = None", "one of pwrboard, dbus"): command().replace('link = "pwrboard"', ""),
    ("my.toml: command 1: tells = 'boots'", "one of boot, handshake"): command(tells='"boots"'),
    ("my.toml: command 1: name = None", "a text"): command(name=""),
    ("my.toml: command 1: summary = None", "a text"): command(summary=""),
    ("my.toml: command 1: summary", "{b}"): command('name = "a", size = 1', summary='"{b}"'),
    ("my.toml: command 1: summary", "{a"): command('name = "a", size = 1', summary='"{a"'),
    ("my.toml: command 1: summary", "{a.b}"): command('name = "a", size = 1', summary='"{a.b}"'),
    ("command 1: fields 1: name = None", "a text"): command("size = 1"),
    ("command 1: fields 1: size = None",): command('name = "a"'),
    ("command 1: fields 1: size = 0", 'a number of bytes, "rest" or "to zero"'): command('name = "a", size = 0'),
    ("command 1: fields 1: size = 'all'", 'a number of bytes, "rest" or "to zero"'): command(
        'name = "a", size = "all"'
    ),
    ("command 1: fields 1: size = True", "a number of bytes"): command('name = "a", size = true'),
    ("command 1: fields 1: size = 100000000000000000000",): command('name = "a", size = 100000000000000000000'),
    ("command 1: fields 1: type = 'int'", "one of uint, ascii, text, unknown"): command(
        'name = "a", size=1, type="int"'
    ),
    ("command 1: fields 1: show = 'octal'", "hex"): command('name = "a", size = 1, show = "octal"'),
    ("command 1: fields 1: divisor = 0.5", "a whole number"): command('name = "a", size = 1, divisor = 0.5'),
    ("command 1: fields 1: divisor = 0",): command('name = "a", size = 1, divisor = 0'),
    ("fields 1: enumeration = 'x'", "one of status, ocpp_error"): command('name = "a", size = 1, enumeration = "x"')
    + CODES.replace("status", "other").replace("ocpp_error", "another"),
    ("command 1: fields 1: default = 'x'", "bytes in hexadecimal"): command('name = "a", size = 1, default = "x"'),
    ("command 1: fields 1: default = '0102'", "1 bytes in hexadecimal"): command('name="a", size=1, default = "0102"'),
    ("command 1: fields 1: default = '01'", "2 bytes in hexadecimal"): command('name="a", size=2, default = "01"'),
    ("command 1: fields 1: provenance = 1", "one of verified"): command('name = "a", size = 1, provenance = 1'),
    ("my.toml: line 1: provenance = None", "given"): line('name = "a"', provenance=""),
    ("my.toml: line 1: pattern = None", "a text"): line('name = "a"', pattern=""),
    ("my.toml: line 1: pattern", "{a}"): line(),
    ("my.toml: line 1: pattern = '{a}{a}'",): line('name = "a"', pattern='"{a}{a}"'),
    ("my.toml: line 1: pattern = 'x'", "a"): line('name = "a"', pattern='"x"'),
    ("my.toml: transitions: Available = 5",): "[transitions]\nAvailable = 5",
    ("my.toml: transitions: Available = 'Broken'",): '[transitions]\nAvailable = "Broken"',
    ("my.toml: transitions: Available = [5]",): "[transitions]\nAvailable = [5]",
    ("my.toml: pilot 1: voltage = '12'", "number"): pilot(voltage='"12"'),
    ("my.toml: pilot 1: window = [1]", "the lowest and the highest voltage"): pilot(window="[1]"),
    ("my.toml: pilot 1: window = ['a', 'b']", "the lowest and the highest voltage"): pilot(window='["a", "b"]'),
    ("my.toml: error 1: vendor = '0x1'", "a whole number"): error(vendor='"0x1"'),
    ("my.toml: error 1: meaning = None", "a text"): error(meaning=""),
    ("my.toml: error 1: ocpp = 1.5", "a whole number"): error(ocpp="1.5"),
    ("my.toml: error 1: provenance = None", "given"): error(provenance=""),
    ("my.toml: error 1: ocpp_provenance = None", "given"): error(ocpp="1"),
    ("my.toml: error 1: ocpp_provenance = 'no'", "one of verified"): error(ocpp="1", ocpp_provenance='"no"'),
}


@pytest.mark.parametrize("says", WRONG, ids=lambda says: says[0])
def test_a_wrong_entry_is_named_with_what_is_allowed(says):
    message = refusal(WRONG[says])
    assert all(part in message for part in says), message
    assert "\n" not in message


@pytest.mark.parametrize(
    "text", ["x = " + "9" * 5000, "x = " + "[" * 20000, "\0", "x = 2023-13-45", "[a]\n[a]"], ids=lambda text: text[:6]
)
def test_text_that_no_toml_reader_takes_is_refused(text):
    assert refusal(text).startswith("my.toml: ")


@pytest.mark.parametrize("name", ["status", "ocpp_error"])
def test_a_definition_without_statuses_or_error_codes_is_refused(name):
    with pytest.raises(DefinitionError, match=name):
        load({"codes.toml": CODES.replace(name, "other")})
