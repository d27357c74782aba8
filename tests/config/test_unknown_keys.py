"""Keys of the settings that are not known."""

from sniffer.config.unknown_keys import list_mistyped


def test_a_mistyped_key_is_named_with_the_one_that_may_be_meant() -> None:
    assert [*list_mistyped(["baud", "teme"], ["baud", "theme"])] == ["teme is no setting: did you mean theme?"]


def test_a_key_of_another_version_is_none() -> None:
    assert [*list_mistyped(["something_new"], ["baud", "theme"])] == []
