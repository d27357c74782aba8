"""The parser library at work: a text in, its syntax tree out; or what is wrong, in words and with its place.

The grammar is in `grammar.lark`. What names and values mean is not known here (`sniffer.filter.compiler`). This is the
only module that loads the library.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.parsers.lalr_interactive_parser import InteractiveParser

from sniffer.base.errors import QueryError
from sniffer.filter.tokens import KEYWORDS, Word, error_at, shorten

MOST_NESTED = 100
"""How many parentheses and `not` a filter may have: more are no filter that somebody wrote."""

_OPENS = ("LPAR", "_NOT")
_WORDS = ("WORD", "DIRECTION", "STRING")

_MEANT = {"=": "`==`", "!": "`not` or `!=`", "&": "`and`", "|": "`or`"}
"""Signs of other languages, and what they are here."""


class Comparison(NamedTuple):
    """`NAME OPERATOR VALUE`; the operator is `==` where none stands."""

    name: Word
    operator: str
    value: Word


class BareWord(NamedTuple):
    """A word without a value: a name, or a text."""

    word: Word


class Negation(NamedTuple):
    """`not ...`"""

    inner: "Node"


class Conjunction(NamedTuple):
    """`... and ...`"""

    parts: tuple["Node", ...]


class Disjunction(NamedTuple):
    """`... or ...`"""

    parts: tuple["Node", ...]


Node = Comparison | BareWord | Negation | Conjunction | Disjunction


@dataclass(frozen=True, slots=True)
class Expected:
    """What may stand after a text that is not finished.

    `value_of` is the name whose value is wanted, or may stand; None where no value may.
    """

    operand: bool
    operator: bool
    value_of: Word | None
    joining: bool
    closing: bool


def parse(text: str) -> Node:
    """The syntax tree of a filter. Raises `QueryError`."""
    parser = _parser().parse_interactive(text)
    tokens: list[Token] = []
    nested = 0
    try:
        for token in _fed(parser):
            tokens.append(token)
            nested += token.type in _OPENS
            if nested > MOST_NESTED:
                raise error_at(_word(token), f"more than {MOST_NESTED} parentheses and `not` are too many")
        tree: Node = parser.feed_eof()
    except UnexpectedCharacters as unexpected:
        raise _wrong_sign(text, unexpected.pos_in_stream or 0) from unexpected
    except UnexpectedToken as unexpected:
        raise _wrong_token(text, tokens, unexpected.token) from unexpected
    return tree


def expect_after(text: str) -> Expected | None:
    """What may stand after this text; None where it is wrong already."""
    parser = _parser().parse_interactive(text)
    try:
        tokens = [*_fed(parser)]
    except UnexpectedInput:
        return None
    terminals = parser.accepts()
    operand = "_NOT" in terminals
    names = [token for token in tokens if token.type != "OPERATOR"]
    return Expected(
        operand=operand,
        operator="OPERATOR" in terminals,
        value_of=_word(names[-1]) if names and not operand and "WORD" in terminals else None,
        joining="_AND" in terminals,
        closing="RPAR" in terminals,
    )


def word_starts(text: str) -> list[int]:
    """Where the words of this text begin, up to the first one that is wrong, and the end of the text, which is last.

    The end is left out where a word goes up to it.
    """
    parser = _parser().parse_interactive(text)
    found: list[int] = []
    end, is_word = 0, False
    try:
        for token in _fed(parser):
            found.append(_start(token))
            end, is_word = found[-1] + len(token), token.type in ("WORD", "DIRECTION", "_AND", "_OR", "_NOT")
    except UnexpectedCharacters as unexpected:
        return [*found, unexpected.pos_in_stream or 0]
    except UnexpectedToken as unexpected:
        return [*found, _start(unexpected.token)]
    return found if is_word and end == len(text) else [*found, len(text)]


def _fed(parser: InteractiveParser) -> Iterator[Token]:
    """The tokens of the text, each after the parser has taken it. Raises the library's `UnexpectedInput`."""
    for token in parser.lexer_thread.lex(parser.parser_state):
        if token.type == "WORD" and token.casefold() in KEYWORDS:
            # Where a keyword can stand, it is no mere word.
            raise UnexpectedToken(token, expected=set())
        parser.feed_token(token)
        yield token


class _WholeWords:
    """Lets a word be read wherever it stands, so that a keyword is never taken for the beginning of a longer word."""

    always_accept = ("WORD",)

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        return stream


@v_args(inline=True)
class _Build(Transformer[Token, Node]):
    """Makes the syntax tree while the parser goes on."""

    def comparison(self, name: Token, operator: Token, value: Token) -> Node:
        return Comparison(_word(name), str(operator), _word(value))

    def equality(self, name: Token, value: Token) -> Node:
        return Comparison(_word(name), "==", _word(value))

    def alone(self, word: Token) -> Node:
        return BareWord(_word(word))

    text = alone

    def negation(self, inner: Node) -> Node:
        return Negation(inner)

    def both(self, *parts: Node) -> Node:
        return Conjunction(parts)

    def either(self, *parts: Node) -> Node:
        return Disjunction(parts)


@cache
def _parser() -> Lark:
    grammar = (resources.files("sniffer.filter") / "grammar.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", lexer="contextual", postlex=_WholeWords(), transformer=_Build())


def _word(token: Token) -> Word:
    start = _start(token)
    is_quoted = token.type == "STRING"
    return Word(_unquoted(token) if is_quoted else str(token), start, start + len(token), is_quoted)


def _start(token: Token) -> int:
    return token.start_pos or 0


def _unquoted(token: str) -> str:
    found, inner = "", iter(token[1:-1])
    for char in inner:
        found += next(inner) if char == "\\" else char
    return found


def _wrong_sign(text: str, at: int) -> QueryError:
    """A character that begins no word."""
    sign = text[at]
    if sign in "\"'":
        return error_at(Word(text, at, len(text)), "the text that begins here has no closing quote")
    meant = f"did you mean {_MEANT[sign]}?" if sign in _MEANT else "a text is put in quotes"
    return error_at(Word(sign, at, at + 1), f"`{sign}` means nothing here: {meant}")


def _wrong_token(text: str, tokens: Sequence[Token], token: Token) -> QueryError:
    """A word that cannot stand where it does, or the end of the text where more is needed."""
    last = tokens[-1] if tokens else None
    if token.type == "$END":
        token = Token("$END", "", start_pos=len(text))
    if last is None and token.type == "$END":
        return error_at(_word(token), "the filter is empty: try `crc bad` or `status == Faulted`")
    quotes = "; as a text it stands in quotes" if token.casefold() in KEYWORDS else ""
    if last is None or last.type in ("LPAR", "_AND", "_OR", "_NOT"):
        after = "" if last is None else f"after `{last}` "
        return error_at(_word(token), f"{after}a comparison, a name or a text is needed{quotes}")
    if last.type == "OPERATOR":
        return error_at(_word(token), f"after `{last}` a value is needed{quotes}")
    if token.type == "$END":
        return error_at(_word(_unclosed(tokens)), "this `(` is not closed")
    if token.type == "RPAR":
        return error_at(_word(token), "this `)` closes nothing")
    more = ": a value of several words is put in quotes" if {last.type, token.type} <= {*_WORDS} else ""
    return error_at(_word(token), f"`and` or `or` is needed before `{shorten(token)}`{more}")


def _unclosed(tokens: Sequence[Token]) -> Token:
    opened: list[Token] = []
    for token in tokens:
        if token.type == "LPAR":
            opened.append(token)
        elif token.type == "RPAR":
            opened.pop()
    return opened[-1]
