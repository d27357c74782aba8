"""The grammar: what is a filter and what is not, with the message and the place of each error."""

import pytest

from sniffer.base.errors import QueryError
from sniffer.filter import parser
from sniffer.filter.parser import MOST_NESTED, BareWord, Comparison, Conjunction, Disjunction, Negation
from sniffer.filter.tokens import Word
from tests.filter.helpers import error_of


def test_a_comparison_holds_words_with_their_positions() -> None:
    assert parser.parse("status == 'Fau lted'") == Comparison(
        Word("status", 0, 6), "==", Word("Fau lted", 10, 20, quoted=True)
    )
    assert parser.parse("dir pwr>com") == Comparison(Word("dir", 0, 3), "==", Word("pwr>com", 4, 11))


@pytest.mark.parametrize(
    "written",
    [
        "com>pwr",
        "com->pwr",
        "com→pwr",
        "pwr<-com",
        "pwr←com",
        "COM>PWR",
        "Com→Pwr",
        "com → pwr",
        "com  > pwr",
        "pwr <-com",
    ],
)
def test_the_arrow_of_a_direction_may_be_written_in_several_ways(written: str) -> None:
    end = len("dir == ") + len(written)
    for text in (f"dir == {written}", f"(dir == {written}) or a"):
        tree = parser.parse(text)
        comparison = tree.operands[0] if isinstance(tree, Disjunction) else tree
        assert isinstance(comparison, Comparison)
        assert comparison.value.text == "com>pwr"
    assert parser.parse(f"dir == {written}") == Comparison(Word("dir", 0, 3), "==", Word("com>pwr", 7, end))


def test_and_binds_tighter_than_or_and_not_tighter_than_and() -> None:
    a, b, c = (BareWord(Word(letter, at, at + 1)) for letter, at in (("a", 0), ("b", 5), ("c", 15)))
    assert parser.parse("a or b and not c") == Disjunction((a, Conjunction((b, Negation(c)))))
    assert parser.parse("(a)and b") == Conjunction((BareWord(Word("a", 1, 2)), BareWord(Word("b", 7, 8))))


def test_a_backslash_takes_the_next_character_as_it_is() -> None:
    assert parser.parse(r'"a\"\\b"') == BareWord(Word('a"\\b', 0, 8, quoted=True))


def test_a_keyword_in_quotes_or_after_an_operator_in_quotes_is_a_word() -> None:
    assert parser.parse('x == "and"') == Comparison(Word("x", 0, 1), "==", Word("and", 5, 10, quoted=True))


def test_the_deepest_nesting_is_accepted() -> None:
    assert parser.parse("(" * MOST_NESTED + "a" + ")" * MOST_NESTED) == BareWord(
        Word("a", MOST_NESTED, MOST_NESTED + 1)
    )
    with pytest.raises(QueryError):
        parser.parse("not " * (MOST_NESTED + 1) + "a")


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("", "the filter is empty: try `crc bad` or `status == Faulted`", ""),
        ("  ", "the filter is empty: try `crc bad` or `status == Faulted`", ""),
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
        ("(" * 200, "more than 100 parentheses and `not` are too many", "("),
        ("not " * 200 + "noise", "more than 100 parentheses and `not` are too many", "not"),
        ("crc bad \x1b", "`\\x1b` means nothing here: a text is put in quotes", "\x1b"),
    ],
)
def test_an_error_names_what_is_wrong_and_where(text: str, message: str, place: str) -> None:
    error, marked = error_of(text)
    assert message in error
    assert marked == place


def test_a_keyword_is_not_taken_for_the_beginning_of_a_word() -> None:
    assert error_of("crc bad andnoise")[1] == "andnoise"
    assert error_of("crc bad ornoise")[1] == "ornoise"
    assert "unknown name `notnoise`" in error_of("notnoise == 1")[0]


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("", [0]),
        ("crc", [0]),
        ("crc ", [0, 4]),
        ("crc bad and sta", [0, 4, 8, 12]),
        ("a ==", [0, 2, 4]),
        ("(a)", [0, 1, 2, 3]),
        ('a == "b', [0, 2, 5]),
        ("a ) b", [0, 2]),
        ("a not", [0, 2]),
    ],
)
def test_words_start_where_they_can_be_completed(text: str, starts: list[int]) -> None:
    assert parser.find_word_starts(text) == starts


def test_nothing_is_expected_after_a_wrong_text() -> None:
    assert parser.expect_after("a ) b") is None
    assert parser.expect_after("a &") is None


def test_what_is_expected_follows_the_grammar() -> None:
    at_start, after_name, after_operator, after_value = map(parser.expect_after, ("", "(a", "a ==", "a 1"))
    assert at_start == parser.Expected(True, False, None, False, False)
    assert after_name == parser.Expected(False, True, Word("a", 1, 2), True, True)
    assert after_operator == parser.Expected(False, False, Word("a", 0, 1), False, False)
    assert after_value == parser.Expected(False, False, None, True, False)


def test_the_error_of_an_unclosed_parenthesis_points_at_the_last_one() -> None:
    with pytest.raises(QueryError) as caught:
        parser.parse("(a and (b or (c)")
    assert (caught.value.start, caught.value.end) == (7, 8)
