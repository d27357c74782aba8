"""The buckets of latencies."""

from sniffer.fleet.metrics.sample import LATENCY_EDGES


def test_the_edges_ascend_from_a_millisecond_to_seconds():
    assert list(LATENCY_EDGES) == sorted(set(LATENCY_EDGES))
    assert (LATENCY_EDGES[0], LATENCY_EDGES[-1]) == (0.001, 5)
