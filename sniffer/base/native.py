"""The form in which the core is installed: the same sources run as Python, or are compiled by mypyc where a build asks
for it (CONTRIBUTING.md, Compiled core).
"""

from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import find_spec


def describe_form() -> str:
    """Return the form of the core: `compiled core` or `pure Python`."""
    framer = find_spec("sniffer.core.wire.framer")
    is_compiled = framer is not None and (framer.origin or "").endswith(tuple(EXTENSION_SUFFIXES))
    return "compiled core" if is_compiled else "pure Python"
