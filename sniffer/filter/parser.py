"""The parser: the text of a filter in, its syntax tree out, or a `QueryError` that says where and what is wrong.

The grammar is in `grammar.lark`. The parser does not know what names and values mean; `sniffer.filter.compiler` does.
This is the only module that loads the parser library.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.parsers.lalr_interactive_parser import InteractiveParser
from msgspec import Struct

from sniffer.base.errors import QueryError
from sniffer.filter.tokens import KEYWORDS, Word, error_at, normalize_direction, shorten

MOST_NESTED = 100
"""The largest number of parentheses and `not` in a filter, so that a hostile text cannot exhaust the stack."""

_NESTING = ("LPAR", "_NOT")
_WORDS = ("WORD", "DIRECTION", "STRING")

_REPLACEMENTS = {"=": "`==`", "!": "`not` or `!=`", "&": "`and`", "|": "`or`"}
"""Operators of other languages, and how they are written here."""


Sides = frozenset[str]
"""The names that a direction has on both sides of its arrow."""

PACKAGED_SIDES: Sides = frozenset({"com", "pwr", "ocpp", "csms"})

PARSERS_KEPT = 4


class Comparison(NamedTuple):
    """`NAME OPERATOR VALUE`; the operator is `==` if none is written."""

    name: Word
    operator: str
    value: Word


class BareWord(NamedTuple):
    """A word without an operator and a value: a name, or a text to search for."""

    word: Word


class Negation(NamedTuple):
    """`not OPERAND`."""

    operand: "Node"


class Conjunction(NamedTuple):
    """`OPERAND and OPERAND`, or more of them."""

    operands: tuple["Node", ...]


class Disjunction(NamedTuple):
    """`OPERAND or OPERAND`, or more of them."""

    operands: tuple["Node", ...]


Node = Comparison | BareWord | Negation | Conjunction | Disjunction


class Expected(Struct, frozen=True):
    """The continuations of an unfinished text.

    `value_of` is the name whose value may follow; None if no value may.
    """

    operand: bool
    operator: bool
    value_of: Word | None
    conjunction: bool
    closing: bool


def parse(text: str, sides: Sides = PACKAGED_SIDES) -> Node:
    """Return the syntax tree of a filter. Raises `QueryError` if the text is not a filter."""
    parser = _load_parser(sides).parse_interactive(text)
    tokens: list[Token] = []
    nested = 0
    try:
        for token in _feed(parser):
            tokens.append(token)
            nested += token.type in _NESTING
            if nested > MOST_NESTED:
                raise error_at(_build_word(token), f"more than {MOST_NESTED} parentheses and `not` are too many")
        tree: Node = parser.feed_eof()
    except UnexpectedCharacters as unexpected:
        raise _build_character_error(text, unexpected.pos_in_stream or 0) from unexpected
    except UnexpectedToken as unexpected:
        raise _build_token_error(text, tokens, unexpected.token) from unexpected
    return tree


def expect_after(text: str, sides: Sides = PACKAGED_SIDES) -> Expected | None:
    """Return the continuations of this text, or None if the text is wrong already."""
    parser = _load_parser(sides).parse_interactive(text)
    try:
        tokens = [*_feed(parser)]
    except UnexpectedInput:
        return None
    terminals = parser.accepts()
    operand = "_NOT" in terminals
    names = [token for token in tokens if token.type != "OPERATOR"]
    return Expected(
        operand=operand,
        operator="OPERATOR" in terminals,
        value_of=_build_word(names[-1]) if names and not operand and "WORD" in terminals else None,
        conjunction="_AND" in terminals,
        closing="RPAR" in terminals,
    )


def find_word_starts(text: str, sides: Sides = PACKAGED_SIDES) -> list[int]:
    """Return the offsets of the words of this text, up to the first wrong one, and the offset of its end.

    The end is the first character that begins no word, or the end of the text. It is left out if a word reaches up to
    it, because that word may be unfinished.
    """
    parser = _load_parser(sides).parse_interactive(text)
    starts: list[int] = []
    end, is_word = 0, False
    try:
        for token in _feed(parser):
            starts.append(_start_of(token))
            end, is_word = starts[-1] + len(token), token.type in ("WORD", "DIRECTION", "_AND", "_OR", "_NOT")
    except UnexpectedCharacters as unexpected:
        stop = unexpected.pos_in_stream or 0
    except UnexpectedToken as unexpected:
        return [*starts, _start_of(unexpected.token)]
    else:
        stop = len(text)
    # A word put directly after another one would become a part of it.
    return starts if is_word and end == stop else [*starts, stop]


def _feed(parser: InteractiveParser) -> Iterator[Token]:
    """Feed the text to the parser and yield each token that it takes. Raises the library's `UnexpectedInput`."""
    for token in parser.lexer_thread.lex(parser.parser_state):
        if token.type == "WORD" and token.casefold() in KEYWORDS:
            # The lexer yields a keyword as a plain word only where no keyword may stand.
            raise UnexpectedToken(token, expected=set())
        parser.feed_token(token)
        yield token


class _WholeWords:
    """Makes the lexer accept a word anywhere, so that `andnoise` is one word and not a keyword and a word."""

    always_accept = ("WORD",)

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        return stream


@v_args(inline=True)
class _Build(Transformer[Token, Node]):
    """Builds the syntax tree while the parser runs."""

    def comparison(self, name: Token, operator: Token, value: Token) -> Node:
        return Comparison(_build_word(name), str(operator), _build_word(value))

    def equality(self, name: Token, value: Token) -> Node:
        return Comparison(_build_word(name), "==", _build_word(value))

    def bare_word(self, word: Token) -> Node:
        return BareWord(_build_word(word))

    text = bare_word

    def negation(self, operand: Node) -> Node:
        return Negation(operand)

    def conjunction(self, *operands: Node) -> Node:
        return Conjunction(operands)

    def disjunction(self, *operands: Node) -> Node:
        return Disjunction(operands)


@lru_cache(PARSERS_KEPT)
def _load_parser(sides: Sides) -> Lark:
    """Return the parser; loading the grammar takes a moment, so it is done once."""
    grammar = (resources.files("sniffer.filter") / "grammar.lark").read_text("utf-8")
    # The longest first: of two names that begin alike, the longer one is meant.
    grammar = grammar.replace("SIDES", "|".join(map(re.escape, sorted(sides, key=lambda side: (-len(side), side)))))
    return Lark(grammar, parser="lalr", lexer="contextual", postlex=_WholeWords(), transformer=_Build())


def _build_word(token: Token) -> Word:
    start = _start_of(token)
    is_quoted = token.type == "STRING"
    text = normalize_direction(token) if token.type == "DIRECTION" else str(token)
    return Word(_unquote(token) if is_quoted else text, start, start + len(token), is_quoted)


def _start_of(token: Token) -> int:
    return token.start_pos or 0


def _unquote(token: str) -> str:
    text, characters = "", iter(token[1:-1])
    for char in characters:
        text += next(characters) if char == "\\" else char
    return text


def _build_character_error(text: str, offset: int) -> QueryError:
    """Return the error for a character that cannot begin a word."""
    char = text[offset]
    if char in "\"'":
        return error_at(Word(text, offset, len(text)), "the text that begins here has no closing quote")
    hint = f"did you mean {_REPLACEMENTS[char]}?" if char in _REPLACEMENTS else "a text is put in quotes"
    return error_at(Word(char, offset, offset + 1), f"`{char}` means nothing here: {hint}")


def _build_token_error(text: str, tokens: Sequence[Token], token: Token) -> QueryError:
    """Return the error for a word that cannot stand where it does, or for a text that ends too early."""
    last = tokens[-1] if tokens else None
    if token.type == "$END":
        token = Token("$END", "", start_pos=len(text))
    if last is None and token.type == "$END":
        return error_at(_build_word(token), "the filter is empty: try `crc bad` or `status == Faulted`")
    quotes = "; as a text it stands in quotes" if token.casefold() in KEYWORDS else ""
    if last is None or last.type in ("LPAR", "_AND", "_OR", "_NOT"):
        after = "" if last is None else f"after `{last}` "
        return error_at(_build_word(token), f"{after}a comparison, a name or a text is needed{quotes}")
    if last.type == "OPERATOR":
        return error_at(_build_word(token), f"after `{last}` a value is needed{quotes}")
    if token.type == "$END":
        return error_at(_build_word(_find_last_unclosed(tokens)), "this `(` is not closed")
    if token.type == "RPAR":
        return error_at(_build_word(token), "this `)` closes nothing")
    more = ": a value of several words is put in quotes" if {last.type, token.type} <= {*_WORDS} else ""
    return error_at(_build_word(token), f"`and` or `or` is needed before `{shorten(token)}`{more}")


def _find_last_unclosed(tokens: Sequence[Token]) -> Token:
    """Return the last opening parenthesis that is not closed."""
    opened: list[Token] = []
    for token in tokens:
        if token.type == "LPAR":
            opened.append(token)
        elif token.type == "RPAR":
            opened.pop()
    return opened[-1]
