"""The import of msgspec without the modules that it does not need, as a user waits for each command to start.

msgspec imports `typing_extensions` where it is installed, for what `typing` has since Python 3.11; and that imports
`inspect`, with the modules that parse Python. Both take longer than the rest of msgspec.
"""

import sys

_SPARED = "typing_extensions"


def import_msgspec() -> None:
    """Import msgspec without `typing_extensions`, unless one of them is imported already."""
    if _SPARED in sys.modules or "msgspec" in sys.modules:
        return
    # None makes Python raise `ModuleNotFoundError` for this name, for which msgspec is prepared.
    sys.modules[_SPARED] = None  # type: ignore[assignment]
    try:
        import msgspec as msgspec
    finally:
        del sys.modules[_SPARED]
