"""The characters of texts for the dissector: what each encoding has, and which are safe to show.

In: nothing. Out: values for Lua. They are computed from the codecs and from `sniffer.base.sanitize`, so that the
dissector shows the same characters as escapes.
"""

from sniffer.base.sanitize import is_safe

UNDEFINED_CODE, UNSAFE_CODE = "0000", "FFFF"
_LAST_CODE_POINT = 0x10FFFF
_FIRST, _LAST = 0x81, 0xFE
_FIRST_TRAIL, _LAST_TRAIL = 0x40, 0xFE


def list_unsafe_limits() -> list[int]:
    """Return the first code point that is not safe to show, the next that is, the next that is not, and so on."""
    limits, was_safe = [], True
    for code in range(_LAST_CODE_POINT + 1):
        if is_safe(chr(code)) != was_safe:
            limits.append(code)
            was_safe = not was_safe
    return limits


def list_safe_latin() -> list[int]:
    """Return the bytes of Latin-1 above ASCII that are safe to show, less 127."""
    return [code - 127 for code in range(128, 256) if is_safe(chr(code))]


def build_gbk_table() -> list[str]:
    """Return the code points of GBK: a text for each first byte from 81 on.

    It has four hexadecimal digits for each second byte from 40 on.
    """
    trails = range(_FIRST_TRAIL, _LAST_TRAIL + 1)
    return ["".join(_format_code(bytes([first, trail])) for trail in trails) for first in range(_FIRST, _LAST + 1)]


def _format_code(pair: bytes) -> str:
    """Return the code point of two bytes of GBK, as four hexadecimal digits."""
    try:
        char = pair.decode("gbk")
    except UnicodeDecodeError:
        return UNDEFINED_CODE
    if len(char) != 1:
        return UNDEFINED_CODE
    return f"{ord(char):04X}" if is_safe(char) else UNSAFE_CODE
