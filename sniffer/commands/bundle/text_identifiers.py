"""Identifiers in lines of text: values of keys whose names mark them, and texts in the form of an address.

In: a line of a log, with OCPP messages in JSON or without, a note, or the name of a port. Out: where identifiers stand
in it, and their kind. OCPP messages may be cut off, so they are searched as text.
"""

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import NamedTuple

from sniffer.base.late_pattern import compile_late
from sniffer.commands.bundle.identifier_kinds import IdentifierKind, kind_of_name


class TextSpan(NamedTuple):
    """An identifier in a text, from `start` up to `end`."""

    start: int
    end: int
    kind: IdentifierKind


_PAIR = compile_late(
    r"""(?<![A-Za-z0-9_])  # idTag, card id
    (?P<key>[A-Za-z][\w-]{0,40}+(?:[ ](?:id|ID|Id|number|Number|no|name|address|serial|key))?)
    [\\"']{0,3}\s{0,3}(?:=|:)\s{0,3}
    (?:(?P<quote>\\?["'])(?P<quoted>.*?)(?:(?P=quote)|$)   # "value", also if its end was cut off
    |(?P<plain>[A-Za-z0-9][^\s,;"'\])}<>\\]*))""",
    re.VERBOSE,
)
_ESCAPED = compile_late(r"""(?:\\.|[^"\\])*""")
"""A text in JSON, with the quotes in it that are escaped."""

_SETTING = compile_late(
    r"""["']key\\?["']\s*:\s*\\?["'](?P<key>[^"'\\]+)\\?["'].{0,60}?["']value\\?["']\s*:\s*\\?["'](?P<quoted>[^"'\\]*)"""
)
"""A setting in an OCPP message: ChangeConfiguration and GetConfiguration name the key and the value apart."""

_SETTING_FROM_VALUE = compile_late(
    r"""["']value\\?["']\s*:\s*\\?["'](?P<quoted>[^"'\\]*)\\?["'][^{}]{0,60}?["']key\\?["']\s*:\s*\\?["'](?P<key>[^"'\\]+)"""
)
"""The same with the value first: the members of a JSON object have no order."""

_PHRASE = compile_late(
    r"""(?<![\w"'\\-])
    (?P<key>id[ _-]?(?:tag|token)|(?:rfid|card|tag)(?:[ _-](?:id|uid|no|nr|number|tag|card))?|uid|s/?n
    |serial[ _-](?:no|nr|num|number)|mac(?:[ _-]addr(?:ess)?)?|hwaddr|ssid|vin|evcc[ _-]?id|emaid|iccid|imsi|imei
    |cpid|charge[ _-]?(?:point|box)[ _-]?id|user(?:[ _-]?name)?|password)
    (?:[ ](?:is|was|read|found|seen|presented|swiped))?[ ]?[:=]?[ ]*
    (?:(?<=[\s:=])(?P<quote>["'])(?P<quoted>[^"'\\]*\w[^"'\\]*)(?P=quote)
    |[\[(<]?(?P<plain>[0-9A-Fa-f]{2}(?:[ :-][0-9A-Fa-f]{2}){3,}(?![0-9A-Za-z])
        |[A-Za-z0-9][A-Za-z0-9._:-]{4,}(?<![.:-])))""",
    re.VERBOSE | re.IGNORECASE,
)
"""A name that a sentence gives the value of: without a sign between them, or with a verb."""

_AUTHORIZATION = compile_late(
    r"""\b(?:Authorization\W{1,5}(?:Basic|Bearer)\s+|(?:Basic|Bearer)\s+(?=\S{0,200}\d))(?P<rest>[\w.~+/=-]{6,})"""
)
_PHONE = compile_late(
    r"\b(?:phone|mobile|tel|sms|call|dial)[a-z]{0,6}[^\w+]{1,4}(?:to )?(?P<rest>\+?\d[\d ()/-]{6,18}\d)", re.IGNORECASE
)
_PHONE_ALONE = compile_late(r"(?<![\w.+-])\+[1-9]\d{9,14}(?![\w.])")

_URL = compile_late(r"[A-Za-z][A-Za-z0-9+.-]{1,15}:\\?/\\?/(?P<rest>[^\s\"'<>,\])}]+)")
_EMAIL = compile_late(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HOME = compile_late(r"(?:/home/|/Users/|\\Users\\)(?P<rest>[^/\\\s\"':,;]+)")
_BY_ID = compile_late(r"/dev/serial/by-id/(?P<rest>[^\s\"',;:]+)")
_IP4 = compile_late(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\w)")
_IP6 = compile_late(r"(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![\w:.])")
_MAC = compile_late(r"(?<![\w:-])[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4,6}[0-9A-Fa-f]{2}(?![\w:-])")
_SIM = compile_late(r"(?<![\w.])(?:89\d{17,18}|\d{15})(?![\w.])")
_COMMON = "com|net|org|io|eu|cloud|local|lan|internal|dev|app|info|biz|home|corp|invalid|example|test"
_COUNTRY = "de|fr|nl|ch|es|pt|pl|cz|se|fi|dk|uk|ie|us|ca|cn|jp|kr|au|nz|br|hu|ro|gr|tr|ru|ua|il|za|mx|sg|hk|tw"
_SPECIAL = "at|be|in|is|it|no"
"""Country codes that are words: they end a host name of three parts or more."""

_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_HOST = compile_late(
    rf"(?<![\w.@/-])(?:(?:{_LABEL}\.)+(?:{_COMMON}|{_COUNTRY})|(?:{_LABEL}\.){{2,}}(?:{_SPECIAL}))(?![\w.-]*\w)"
)
_FORMS = (
    (_URL, IdentifierKind.URL),
    (_EMAIL, IdentifierKind.USER),
    (_HOME, IdentifierKind.USER),
    (_BY_ID, IdentifierKind.PORT),
    (_MAC, IdentifierKind.MAC),
    (_IP4, IdentifierKind.IP),
    (_IP6, IdentifierKind.IP),
    (_SIM, IdentifierKind.SIM),
    (_AUTHORIZATION, IdentifierKind.SECRET),
    (_PHONE, IdentifierKind.USER),
    (_PHONE_ALONE, IdentifierKind.USER),
    (_HOST, IdentifierKind.HOST),
)
_WORDS = """
none null nil true false unknown undefined empty ok error failed success yes no on off enabled disabled n/a na body
cable ev inlet outlet accepted rejected invalid blocked expired string int not
"""
_NO_IDENTIFIER = frozenset(_WORDS.split())
"""Values that identify nothing, in lower case."""

_VERSION = compile_late(r"(?:version|firmware|release|build)\W{0,4}$", re.IGNORECASE)
SHORTEST = 2
"""Characters that a value has at least, unless its kind says that it identifies something at any length."""

_ANY_LENGTH = (IdentifierKind.CHARGE_POINT, IdentifierKind.CARD, IdentifierKind.SECRET)

_HAS_DIGIT = (IdentifierKind.CARD, IdentifierKind.SERIAL, IdentifierKind.SIM, IdentifierKind.MAC, IdentifierKind.PLACE)
"""The kinds whose values without quotes hold a digit, as a word that is no identifier could stand there."""

_HEX_WORD = compile_late(r"[A-F]{8,}")
"""Bytes in hexadecimal that happen to have no digit. No word in capitals is as long."""


def find_in_text(text: str) -> list[TextSpan]:
    """Return the identifiers in the text, in order. Those that overlap are one, of the kind of the longest."""
    kept: list[TextSpan] = []
    for span in sorted(_find_all(text)):
        if kept and span.start < kept[-1].end:
            last = kept.pop()
            longest = max(last, span, key=lambda one: one.end - one.start)
            span = TextSpan(last.start, max(last.end, span.end), longest.kind)
        kept.append(span)
    return kept


def _find_all(text: str) -> Iterator[TextSpan]:
    """Yield the identifiers in a text by their forms, in no order; some may overlap."""
    for match in _PAIR.finditer(text):
        yield from _find_value(match, "quoted" if match["plain"] is None else "plain")
    for pattern in (_SETTING, _SETTING_FROM_VALUE):
        for match in pattern.finditer(text):
            yield from _find_value(match, "quoted")
    for match in _PHRASE.finditer(text):
        yield from _find_in_phrase(match)
    for pattern, kind in _FORMS:
        for match in pattern.finditer(text):
            if _is_address(match[0], kind) and not _VERSION.search(text, max(0, match.start() - 12), match.start()):
                start, end = match.span("rest" if "rest" in pattern.groupindex else 0)
                yield TextSpan(start, end, kind)


def _find_value(match: re.Match[str], group: str) -> Iterator[TextSpan]:
    """Yield the value of a pair whose key says that it identifies something."""
    kind, value = kind_of_name(match["key"]), match[group].strip()
    if (
        kind
        and group == "quoted"
        and value.endswith("\\")
        and (whole := _ESCAPED.match(match.string, match.start(group)))
    ):
        value = whole[0].strip()
    if kind is None or value.casefold() in _NO_IDENTIFIER or not any(map(str.isalnum, value)):
        return
    if len(value) < SHORTEST and kind not in _ANY_LENGTH:
        return
    if group == "plain" and kind in _HAS_DIGIT and not (any(map(str.isdigit, value)) or _HEX_WORD.fullmatch(value)):
        return
    if kind is IdentifierKind.URL and "/" in value:
        # What has the form of a URL keeps its scheme.
        return
    start = match.string.index(value, match.start(group))
    yield TextSpan(start, start + len(value), kind)


def _find_in_phrase(match: re.Match[str]) -> Iterator[TextSpan]:
    """Yield the value in a sentence. One without quotes holds a digit, as a word is rather part of the sentence."""
    group = "quoted" if match["plain"] is None else "plain"
    kind = kind_of_name(match["key"]) or IdentifierKind.CARD
    if group == "plain" and not (any(map(str.isdigit, match[group])) or _HEX_WORD.fullmatch(match[group])):
        return
    if match[group].casefold() not in _NO_IDENTIFIER:
        yield TextSpan(*match.span(group), kind)


def _is_address(text: str, kind: IdentifierKind) -> bool:
    """Return True unless the text only looks like an IP address, or is one that every machine has."""
    if kind is not IdentifierKind.IP:
        return True
    try:
        address = IPv6Address(text) if ":" in text else IPv4Address(text)
    except AddressValueError:
        return False
    return not (address.is_loopback or address.is_unspecified or text.startswith("255."))
