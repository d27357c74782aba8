"""Placeholders for identifiers: one for each, the same wherever it stands.

In: identifiers, then texts and bytes. Out: the same with placeholders. An identifier is replaced wherever it was found,
and wherever else it stands, also written in hexadecimal. One of fewer than `SHORTEST_ANYWHERE` characters, or a short
number, would be found in things that it has nothing to do with, and is replaced only where a name says what it is.
"""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import count

from msgspec import Struct

from sniffer.base.late_pattern import compile_late
from sniffer.commands.bundle.identifier_kinds import PREFIXES, SAME_LENGTH, IdentifierKind

SHORTEST_ANYWHERE = 4
"""Characters from which on an identifier with a letter in it is replaced wherever it stands."""

SHORTEST_NUMBER_ANYWHERE = 6
"""Digits from which on a number is replaced wherever it stands."""

LONG = 8
"""Characters from which on an identifier is replaced in the middle of a word or number as well."""

SHORTEST_PIECE = 3
"""Characters of an identifier that is cut off at an end of noise from which on they are replaced."""


_PREFIX = r"(?:0x|\\{1,2}x|\\{1,2}u00|%)"
_BETWEEN = rf"[\s:,;-]{{0,2}}{_PREFIX}?"
"""The separators of two bytes in hexadecimal: `31 30`, `31:30`, `0x31, 0x30`, escapes of C and JSON, `%31%30`."""

_HEX_PART = compile_late(rf"{_PREFIX}|(?P<byte>[0-9a-f]{{2}})", re.IGNORECASE)


class Pseudonym(Struct, frozen=True):
    """An identifier and what replaces it."""

    original: str
    placeholder: str
    kind: IdentifierKind


class Pseudonyms:
    """The identifiers of one session. `counts` has how often each was replaced, by the identifier in lower case."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._kinds: dict[str, tuple[str, IdentifierKind]] = {}
        self._placeholders: dict[str, str] = {}
        self._anywhere = self._hex = re.compile(r"(?!)")
        self._bytes = self._wide = re.compile(rb"(?!)")
        self._pieces: list[str] = []
        self._in_hex: set[str] = set()

    def add(self, original: str, kind: IdentifierKind, *, is_hex: bool = False) -> None:
        """Take an identifier to replace. The first kind that it was found as counts. Zeros identify nothing.

        With `is_hex` it is bytes in hexadecimal, and so is its placeholder.
        """
        if original.strip("0 ") and (len(set(original)) > 1 or len(original) < SHORTEST_ANYWHERE):
            self._kinds.setdefault(original.casefold(), (original, kind))
            if is_hex:
                self._in_hex.add(original.casefold())

    def assign(self) -> None:
        """Choose the placeholders, when all identifiers were added."""
        long = [key for key in self._kinds if len(key) >= SHORTEST_NUMBER_ANYWHERE]
        used: set[str] = set()
        for key, (original, kind) in self._kinds.items():
            for number in count(1):
                is_hex = key in self._in_hex
                placeholder = f"{number:0{len(key)}x}" if is_hex else _format_placeholder(kind, number, len(original))
                is_free = placeholder not in used and placeholder.casefold() != key
                if is_free and not any(one in placeholder.casefold() for one in long):
                    break
                # Placeholders as short as one or two characters are too few to be different.
                if number > 10 ** len(original):
                    break
            self._placeholders[key] = placeholder
            used.add(placeholder)
        keys = sorted(self._kinds, key=len, reverse=True)
        self._anywhere = _compile(_build_pattern(key) for key in keys if is_found_anywhere(key))
        self._pieces = [key for key in keys if len(key) >= SHORTEST_ANYWHERE]
        self._hex = _compile(map(_build_hex_pattern, self._pieces))
        self._bytes = re.compile(_compile(map(re.escape, self._pieces)).pattern.encode(), re.IGNORECASE)
        self._wide = re.compile(_compile(map(_build_wide_pattern, self._pieces)).pattern.encode(), re.IGNORECASE)

    def list_all(self) -> list[Pseudonym]:
        """Return all identifiers that were replaced at least once, by kind."""
        order = [*IdentifierKind]
        found = [
            Pseudonym(original, self._placeholders[key], kind)
            for key, (original, kind) in self._kinds.items()
            if self.counts[key]
        ]
        return sorted(found, key=lambda one: (order.index(one.kind), one.placeholder))

    def replace(self, original: str) -> str:
        """Return the placeholder of an identifier that was found, or the text itself if it identifies nothing."""
        key = original.casefold()
        if key not in self._placeholders:
            return original
        self.counts[key] += 1
        return self._placeholders[key]

    def replace_anywhere(self, text: str) -> str:
        """Return the text with each identifier replaced that is long enough to be known, also in hexadecimal."""
        text = self._anywhere.sub(lambda match: self.replace(match[0]), text)
        return self._hex.sub(lambda match: self._replace_hex(match[0]), text)

    def replace_bytes(self, raw: bytes) -> bytes:
        """Return the bytes with each identifier in UTF-8 or UTF-16 replaced. Their number stays."""
        raw = self._bytes.sub(lambda match: self.fit(match[0].decode(errors="replace"), len(match[0])), raw)
        return self._wide.sub(lambda match: self._replace_wide(match[0]), raw)

    def replace_pieces(self, raw: bytes) -> bytes:
        """Return the bytes with identifiers replaced that are cut off at their beginning or at their end."""
        lower, end = raw.lower(), len(raw)
        sizes = [(size, key) for key in self._pieces for size in range(SHORTEST_PIECE, min(len(key) - 1, end) + 1)]
        sizes.sort(reverse=True)
        tail = next(((size, key) for size, key in sizes if lower.endswith(key.encode()[:size])), None)
        head = next(((size, key) for size, key in sizes if lower.startswith(key.encode()[-size:])), None)
        if tail:
            raw = raw[: end - tail[0]] + self.fit(tail[1], len(tail[1]))[: tail[0]]
        if head:
            raw = self.fit(head[1], len(head[1]))[-head[0] :] + raw[head[0] :]
        return raw

    def fit(self, original: str, size: int) -> bytes:
        """Return the placeholder of an identifier as ASCII of `size` bytes."""
        return self.replace(original).encode("ascii", "replace").ljust(size, b"-")[:size]

    def find_left(self, data: bytes) -> list[str]:
        """Return the identifiers that still stand in the content of a file, as they are or in hexadecimal.

        Names without a digit do not count, as they may be words of a report as well.
        """
        text = data.decode(errors="replace")
        left = {match[0] for match in self._anywhere.finditer(text) if any(map(str.isdigit, match[0]))}
        wide = {match[0].decode("utf-16-le", "replace") for match in self._wide.finditer(data)}
        return sorted(left | wide | {match[0] for match in self._hex.finditer(text)})

    def _replace_hex(self, found: str) -> str:
        """Return bytes printed in hexadecimal with the placeholder in as many bytes.

        What stands between the digits stays.
        """
        original = bytes.fromhex("".join(match["byte"] or "" for match in _HEX_PART.finditer(found)))
        placeholder = self.fit(original.decode(errors="replace"), len(original))
        pairs = iter(placeholder.hex(" ").upper().split())
        return _HEX_PART.sub(lambda match: next(pairs) if match["byte"] else match[0], found)

    def _replace_wide(self, found: bytes) -> bytes:
        """Return an identifier in UTF-16 with the placeholder in as many characters."""
        original = found.decode("utf-16-le", "replace")
        return self.fit(original, len(original)).decode("ascii").encode("utf-16-le")


def is_found_anywhere(key: str) -> bool:
    """Return True if an identifier is long enough to be replaced wherever it stands."""
    return len(key) >= (SHORTEST_NUMBER_ANYWHERE if key.isdigit() else SHORTEST_ANYWHERE)


def _build_pattern(key: str) -> str:
    """Return the pattern of an identifier. A short one is part of no longer number or word."""
    if len(key) >= LONG:
        return re.escape(key)
    return rf"(?<!\d){key}(?!\d)" if key.isdigit() else rf"(?<![^\W_]){re.escape(key)}(?![^\W_])"


def _build_hex_pattern(key: str) -> str:
    """Return the pattern of an identifier that is written in hexadecimal, in any case, with or without separators."""
    codes = ({one.encode().hex(" ") for one in (character, character.upper())} for character in key)
    return _BETWEEN.join(f"(?:{'|'.join(sorted(options))})" for options in codes).replace(" ", _BETWEEN)


def _build_wide_pattern(key: str) -> str:
    """Return the pattern of an identifier in UTF-16, whose low bytes stand first. It holds the bytes as escapes."""
    codes = ({one.encode("utf-16-le") for one in (character, character.upper())} for character in key)
    return "".join(f"(?:{'|'.join(sorted(map(_escape_bytes, options)))})" for options in codes)


def _escape_bytes(data: bytes) -> str:
    """Return the bytes as a pattern."""
    return "".join(f"\\x{byte:02x}" for byte in data)


def _compile(patterns: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern of any of these, which matches nothing if there are none."""
    return re.compile("|".join(patterns) or "(?!)", re.IGNORECASE)


def _format_placeholder(kind: IdentifierKind, number: int, size: int) -> str:
    """Return a placeholder; for some kinds it has `size` characters, in which the number is as far as it fits."""
    prefix = PREFIXES[kind]
    if kind not in SAME_LENGTH:
        return f"{prefix}{number}"
    digits = str(number)
    if len(digits) >= size:
        return digits[-size:] if size > 1 else "X"
    return prefix[: size - len(digits)] + digits.rjust(size - len(prefix[: size - len(digits)]), "0")
