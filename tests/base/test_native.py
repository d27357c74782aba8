"""The form in which the core is installed."""

import pickle
from copy import deepcopy
from importlib.machinery import EXTENSION_SUFFIXES

from sniffer.base.native import describe_form, mypyc_attr
from sniffer.core.charger.startup.restarts import RestartTracker
from sniffer.core.wire import framer


def test_the_form_is_that_of_the_framer() -> None:
    is_compiled = (framer.__file__ or "").endswith(tuple(EXTENSION_SUFFIXES))
    assert describe_form() == ("compiled core" if is_compiled else "pure Python")


def test_a_class_with_attributes_for_the_compiler_is_the_same_class() -> None:
    class Part:
        pass

    assert mypyc_attr(allow_interpreted_subclasses=True)(Part) is Part


def test_a_copied_part_of_the_charger_has_its_state() -> None:
    part = RestartTracker()
    part.add_counter(5, 1, 1)
    for copied in (deepcopy(part), pickle.loads(pickle.dumps(part))):
        assert (copied.counter, copied.counter_time) == (5, 1)
        copied.add_counter(6, 2, 2)
    assert part.counter == 5
