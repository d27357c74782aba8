"""Regular expressions that are compiled when they are first used.

A start of the program imports far more patterns than it uses, and to compile one takes as long as to import a module.
"""

import re
from typing import Any, AnyStr, cast


def compile_late(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return an object that acts as the compiled pattern. A mistake in `text` raises `re.error` on first use."""
    return cast("re.Pattern[AnyStr]", _LatePattern(text, flags))


class _LatePattern:
    """A pattern that is compiled when one of its attributes is first used. It keeps the attributes used so far."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of the pattern. `re` keeps the compiled pattern for the attributes that follow."""
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, found)
        return found
