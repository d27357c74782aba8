"""One job is done in this process, and several in processes of this machine."""

import os

import pytest

from sniffer.base.errors import LakeError, OutputError
from sniffer.fleet.lake.additions.workers import LocalWorkers, count_processors


def square(number: int) -> int:
    return number * number


def end(number: int) -> int:
    os._exit(number)


def refuse(_number: int) -> int:
    raise OutputError("no room")


def test_one_job_is_done_here() -> None:
    assert dict(LocalWorkers(1).map(square, [1, 2, 3])) == {1: 1, 2: 4, 3: 9}


def test_several_jobs_are_done_by_processes() -> None:
    assert dict(LocalWorkers(2).map(square, [1, 2, 3])) == {1: 1, 2: 4, 3: 9}


def test_a_process_that_is_killed_ends_the_run_with_one_line() -> None:
    with pytest.raises(LakeError, match="a process was killed"):
        list(LocalWorkers(2).map(end, [1, 2]))


def test_an_error_of_the_work_comes_through() -> None:
    with pytest.raises(OutputError, match="no room"):
        list(LocalWorkers(1).map(refuse, [1]))


def test_there_is_a_processor() -> None:
    assert count_processors() >= 1
