"""Filters that are wrong: what is said, and the place that is marked."""

import pytest

from sniffer.base.errors import QueryError
from sniffer.filter.tokens import underline
from tests.filter.helpers import VOCABULARY, compile_filter, complaint


@pytest.mark.parametrize(
    ("text", "said", "place"),
    [
        ("", "the filter is empty: try `crc bad` or `status == Faulted`", ""),
        ("  ", "the filter is empty: try `crc bad` or `status == Faulted`", ""),
        ("statsu == 1", "unknown name `statsu`: did you mean status?", "statsu"),
        ("crc bad and statsu", "unknown name `statsu`: did you mean status?", "statsu"),
        ("mystery == 1", "unknown name `mystery`; a text to look for is put in quotes", "mystery"),
        ("status ==", "after `==` a value is needed", ""),
        ("(status == )", "after `==` a value is needed", ")"),
        ("status == == 1", "after `==` a value is needed", "=="),
        ("status == and", "after `==` a value is needed; as a text it stands in quotes", "and"),
        ("status == or crc bad", "after `==` a value is needed; as a text it stands in quotes", "or"),
        ("noise not", "`and` or `or` is needed before `not`", "not"),
        ("crc bad and", "after `and` a comparison, a name or a text is needed", ""),
        ("(", "after `(` a comparison, a name or a text is needed", ""),
        ("or crc bad", "a comparison, a name or a text is needed; as a text it stands in quotes", "or"),
        ("not and", "after `not` a comparison, a name or a text is needed", "and"),
        ("crc bad noise", "`and` or `or` is needed before `noise`: a value of several words is put in quotes", "noise"),
        ("(crc bad) noise", "`and` or `or` is needed before `noise`", "noise"),
        ("crc bad not noise", "`and` or `or` is needed before `not`", "not"),
        ("crc bad == 3", "`and` or `or` is needed before `==`", "=="),
        ("(crc bad) and ((noise) or frame", "this `(` is not closed", "("),
        ("crc bad)", "this `)` closes nothing", ")"),
        ("status = 8", "`=` means nothing here: did you mean `==`?", "="),
        ("crc bad && noise", "`&` means nothing here: did you mean `and`?", "&"),
        ("crc bad || noise", "`|` means nothing here: did you mean `or`?", "|"),
        ("!noise", "`!` means nothing here: did you mean `not` or `!=`?", "!"),
        ("14,2097672", "`,` means nothing here: a text is put in quotes", ","),
        ('name == "status', "the text that begins here has no closing quote", '"status'),
        ("status == Fualted", "`Fualted` is no status: did you mean Faulted?", "Fualted"),
        ("status < Faulted", "`<` compares numbers, and `Faulted` is none", "Faulted"),
        ("l1_voltage == 210V", "`210V` is not a number in V", "210V"),
        ("l1_voltage ~ 2", "`~` does not go with `l1_voltage`, which is a number in V: == != < <= > >= do", "2"),
        ("dir > 1", "`>` does not go with `dir`, which is a direction: == != ~ do", "1"),
        ("dir pwr", "`pwr` is not a direction: did you mean pwr>com or com>pwr?", "pwr"),
        ("noise bad", "`bad` is not a reason of noise: there is crc, truncated, garbage", "bad"),
        (
            "event fault_rised",
            "`fault_rised` is not an event: did you mean fault_raised, fault_cleared or fault_changed?",
            "fault_rised",
        ),
        ("command reprot", "`reprot` is not a command: its hexadecimal digits, or its name", "reprot"),
        ("command 12345", "`12345` is not a command: its hexadecimal digits, or its name", "12345"),
        ('command "status reprot"', "did you mean status report", '"status reprot"'),
        ("command < parameter", "`parameter` is not a command", "parameter"),
        ("name foo", "`foo` is not a known name", "foo"),
        ("seq 12345", "`12345` is not a number of 4 hexadecimal digits", "12345"),
        ("raw == 1", "`1` is not bytes in hexadecimal, two digits each", "1"),
        ("raw < 11", "`<` does not go with `raw`, which is bytes in hexadecimal: == != ~ do", "11"),
        ("time == 12", "`12` is not a time such as 00:00:49 or 2023-11-30T00:00:49", "12"),
        ("time == 25:00", "`25:00` is not a time such as 00:00:49 or 2023-11-30T00:00:49", "25:00"),
        ("time == 12:00+01:00", "is not a time", "12:00+01:00"),
        ("time == 2023-11-30T000049", "is not a time", "2023-11-30T000049"),
        ("unknown_3 == zz", "`zz` is not bytes in hexadecimal", "zz"),
        ("number == nan", "`nan` is not a number", "nan"),
        ("number == 1_0", "`1_0` is not a number", "1_0"),
        ("number == 1e999", "`1e999` is not a number", "1e999"),
        ("number == " + "9" * 5000, f"`{'9' * 40}…` is not a number", "9" * 5000),
        ("(" * 200, "more than 100 parentheses and `not` are too many", "("),
        ("not " * 200 + "noise", "more than 100 parentheses and `not` are too many", "not"),
        ("crc bad \x1b", "`\\x1b` means nothing here: a text is put in quotes", "\x1b"),
    ],
)
def test_are_told_with_their_place(text, said, place):
    message, marked_place = complaint(text)
    assert said in message
    assert message.startswith(said) or said.startswith(("did", "is not"))
    assert marked_place == place


def test_a_keyword_is_not_taken_for_the_beginning_of_a_word():
    assert complaint("crc bad andnoise")[1] == "andnoise"
    assert complaint("crc bad ornoise")[1] == "ornoise"
    assert "unknown name `notnoise`" in complaint("notnoise == 1")[0]


@pytest.mark.parametrize("text", ["Faulted", "10427240", "hello", "andromeda", "StatusNotification", "under", "ocpp"])
def test_a_word_that_is_no_name_is_a_text(text):
    assert compile_filter(text, VOCABULARY)


@pytest.mark.parametrize(
    ("text", "meant"), [("conector", "connector"), ("statuss", "status"), ("l1_volt", "l1_voltage")]
)
def test_unless_it_looks_like_a_slip(text, meant):
    assert meant in complaint(text)[0]
    assert compile_filter(f'"{text}"', VOCABULARY)


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("crc bad and statsu", ("  crc bad and statsu", "              ^^^^^^")),
        ("status ==", ("  status ==", "           ^")),
        ("'\x1b' statsu", ("  '\\x1b' statsu", "         ^^^^^^")),
        ("'日本' statsu", ("  '日本' statsu", "         ^^^^^^")),
        ("日本 == 1", ("  日本 == 1", "  ^^^^")),
    ],
)
def test_the_marks_stand_under_the_place(text, marks):
    with pytest.raises(QueryError) as caught:
        compile_filter(text, VOCABULARY)
    assert underline(text, caught.value) == marks
