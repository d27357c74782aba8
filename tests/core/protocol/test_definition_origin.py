"""A definition is known by its name and its text."""

from sniffer.core.protocol.definition_origin import DIGEST_SIZE, build_origin


def test_the_same_text_has_the_same_digest_and_another_text_another_one() -> None:
    first, again, other = (build_origin("my.toml", text, is_board=False) for text in ("a", "a", "b"))
    assert first == again != other
    assert first.digest == "ca978112ca1bbdca"  # sha256sum of the letter a
    assert len(other.digest) == DIGEST_SIZE


def test_a_board_is_no_file_of_its_name() -> None:
    assert build_origin("modbus", "", is_board=True) != build_origin("modbus", "", is_board=False)
