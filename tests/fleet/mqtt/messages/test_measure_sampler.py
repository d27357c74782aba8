"""Measured values: at most once a second, only when one has changed, and the same for each way to read the session."""

from itertools import pairwise

import pytest

from sniffer.fleet.mqtt.messages.measure_sampler import INTERVAL, MeasureSampler
from tests.fleet.mqtt.helpers import read_records
from tests.paths import CAPTURES


def samples_of(records):
    sampler = MeasureSampler()
    found = [(record, values) for record in records if (values := sampler.add(record))]
    return found, sampler.end()


@pytest.mark.parametrize("name", ["mains-sag.pcapng", "charging.pcapng"])
def test_values_come_at_most_once_a_second_and_differ_each_time(name):
    found, _ = samples_of(read_records(CAPTURES / name))
    assert len(found) > 10
    assert all(later[0].time - earlier[0].time >= INTERVAL for earlier, later in pairwise(found))
    plain = [{(one.name, one.connector): one.value for one in values} for _, values in found]
    assert all(earlier != later for earlier, later in pairwise(plain))
    assert {"l1_voltage", "cp_voltage", "board_temperature"} <= {name for name, _ in plain[-1]}
    assert all(len(one) == len(values) for one, (_, values) in zip(plain, found, strict=True))


def test_a_sag_is_seen():
    found, _ = samples_of(read_records())
    assert min(one.value for _, values in found for one in values if one.name == "l1_voltage") < 207


def test_a_change_within_the_last_second_is_there_at_the_end():
    records = read_records()
    ends = [samples_of(records[:count]) for count in range(20, 60, 5)]
    late = [(found, end) for found, end in ends if end]
    assert late
    for found, end in late:
        before = {(one.name, one.connector): one.value for _, values in found for one in values}
        assert any(before.get((one.name, one.connector)) != one.value for one in end)
    assert samples_of([])[1] == ()
