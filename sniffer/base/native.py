"""The form in which the core is installed: pure Python, or compiled by mypyc from the same sources.

A build compiles it when it is asked to (CONTRIBUTING.md, Compiled core).

A compiled class whose instances are copied or pickled is declared by `@mypyc_attr(allow_interpreted_subclasses=True)`:
then `copy` and `pickle` can make an instance without `__init__`, and set its attributes.
"""

from collections.abc import Callable
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import find_spec
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from mypy_extensions import mypyc_attr as mypyc_attr
else:
    _Kind = TypeVar("_Kind")

    def mypyc_attr(**_: bool) -> Callable[[_Kind], _Kind]:
        """Return a decorator that changes nothing: only the compiler reads it. So nobody needs `mypy_extensions`."""
        return lambda kind: kind


def describe_form() -> str:
    """Return the form of the core: `compiled core` or `pure Python`."""
    framer = find_spec("sniffer.core.wire.framer")
    is_compiled = framer is not None and (framer.origin or "").endswith(tuple(EXTENSION_SUFFIXES))
    return "compiled core" if is_compiled else "pure Python"
