"""The vocabulary: which name means what, in which case of letters, and which values have names."""

from tests.filter.helpers import VOCABULARY
from tests.filter.test_field_attributes import TestUserDefinition


def test_names_are_found_in_any_case() -> None:
    assert VOCABULARY.find("status") is VOCABULARY.find("STATUS")
    assert VOCABULARY.find("statsu") is None


def test_every_name_that_is_offered_is_found() -> None:
    for name in VOCABULARY.names:
        assert VOCABULARY.find(name)
    assert len(set(VOCABULARY.names)) == len(VOCABULARY.names)


def test_any_field_can_be_written_with_the_prefix() -> None:
    assert VOCABULARY.find("field.status") is VOCABULARY.find("status")
    assert VOCABULARY.find("field.time") is None


def test_a_field_with_the_name_of_a_record_s_attribute_needs_the_prefix() -> None:
    vocabulary = TestUserDefinition.VOCABULARY
    assert vocabulary.name_of_field("time") == "field.time"
    assert vocabulary.name_of_field("status") == "status"
    assert vocabulary.name_of_field("undefined") == "undefined"
    assert "field.time" in vocabulary.names
    assert vocabulary.find("field.time") is not vocabulary.find("time")
    assert vocabulary.find("Dir") is vocabulary.find("field.Dir")
    assert vocabulary.find("dir") is not vocabulary.find("Dir")


def test_values_with_names_are_known_in_lower_case() -> None:
    assert {"faulted", "pwr>com", "status report", "boot_loop"} <= VOCABULARY.values
