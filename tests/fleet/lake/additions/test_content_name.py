"""The name of a session by its content."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.fleet.lake.additions.content_name import HEAD_DIGITS, HEAD_SIZE, list_earlier_names, read_content_name
from tests.fleet.lake.helpers import CHARGING


def test_a_packed_file_has_the_name_of_its_content(tmp_path: Path) -> None:
    packed = tmp_path / "other-name.gz"
    packed.write_bytes(gzip.compress(CHARGING.read_bytes()))
    assert read_content_name(packed) == read_content_name(CHARGING)
    assert read_content_name(CHARGING).size == CHARGING.stat().st_size


def test_a_packed_file_that_was_cut_off_is_what_is_left_of_it(tmp_path: Path) -> None:
    packed = tmp_path / "cut.gz"
    packed.write_bytes(gzip.compress(CHARGING.read_bytes())[:-2000])
    assert 0 < read_content_name(packed).size < read_content_name(CHARGING).size


@given(st.binary(max_size=64), st.binary(min_size=1, max_size=64))
def test_other_content_has_another_name(tmp_path_factory: pytest.TempPathFactory, one: bytes, more: bytes) -> None:
    path = tmp_path_factory.mktemp("content") / "a.bin"
    # Bytes at random may begin as a packed file does.
    path.write_bytes(b"\xbb" + one)
    before = read_content_name(path)
    path.write_bytes(b"\xbb" + one + more)
    assert read_content_name(path).name != before.name


@pytest.mark.parametrize("size", [1, HEAD_SIZE - 1, HEAD_SIZE, HEAD_SIZE + 1, 70_000])
def test_the_earlier_names_of_a_file_are_those_that_it_had(tmp_path: Path, size: int) -> None:
    whole = bytes(number * 7 % 251 for number in range(140_000))
    before, now = tmp_path / "before", tmp_path / "now"
    before.write_bytes(whole[:size])
    now.write_bytes(whole)
    assert list_earlier_names(now, [size, 3, len(whole)]) >= {read_content_name(before).name}
    assert read_content_name(now).name not in list_earlier_names(now, [size, len(whole)])
    if size >= HEAD_SIZE:
        assert read_content_name(now).name[:HEAD_DIGITS] == read_content_name(before).name[:HEAD_DIGITS]
