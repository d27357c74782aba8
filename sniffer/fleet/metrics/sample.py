"""One sample of a session: everything that its metrics are made of, at one moment, as an immutable value."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from msgspec import Struct

from sniffer.core.charger.snapshot import Snapshot
from sniffer.recording.recorder import RecordingState

LATENCY_EDGES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""The upper edges of the buckets of latencies, in seconds. Longer ones are in a last bucket."""

CommandKey = tuple[str, ...]
"""Link, direction, code and name of a command, as labels. All commands that the definition lacks share one key for each
side.
"""


class LatencyCounts(Struct, frozen=True):
    """The latencies of the answers of one command: their number in each bucket, and their sum in seconds."""

    counts: tuple[int, ...]
    total: float


class RecordingSample(Struct, frozen=True):
    """The state of a recording. `waiting` records are not written yet, the oldest for `lag` seconds."""

    state: RecordingState
    waiting: int
    lag: float


class MetricGauge(NamedTuple):
    """A gauge of another part of the program, such as a lag. `name` ends with its unit, as in `publish_lag_seconds`.

    `read` is called at each sample, on the loop of the session. It returns None while there is no value.
    """

    name: str
    about: str
    read: Callable[[], float | None]


class GaugeSample(Struct, frozen=True):
    """The value of a gauge that another part of the program added."""

    name: str
    about: str
    value: float


class MetricsSample(Struct, frozen=True):
    """A session at `now`, the time of the source in nanoseconds; None if it has none. `taken` is in seconds since 1970.

    `events` counts events by name, `faults` counts raised faults by meaning, `latencies` those of the answers by the
    command that answers. `recording` is None if nothing is recorded.
    """

    name: str
    taken: float
    now: int | None
    snapshot: Snapshot
    events: Mapping[str, int]
    faults: Mapping[str, int]
    latencies: Mapping[CommandKey, LatencyCounts]
    recording: RecordingSample | None = None
    gauges: tuple[GaugeSample, ...] = ()
