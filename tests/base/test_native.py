"""The form in which the core is installed."""

from importlib.machinery import EXTENSION_SUFFIXES

from sniffer.base.native import describe_form
from sniffer.core.wire import framer


def test_the_form_is_that_of_the_framer() -> None:
    is_compiled = (framer.__file__ or "").endswith(tuple(EXTENSION_SUFFIXES))
    assert describe_form() == ("compiled core" if is_compiled else "pure Python")
