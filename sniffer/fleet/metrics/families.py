"""The metrics of a sample, as families of prometheus-client. `docs/fleet.md` lists them.

In: a sample. Out: families with bounded labels. What nobody knows has no series: without a fresh status report there is
neither a status nor a number of active faults. A counter never falls while the session runs.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric

from sniffer._version import __version__
from sniffer.base.sanitize import printable
from sniffer.base.times import SECOND
from sniffer.core.charger.exchanges.command_stats import CommandStats
from sniffer.core.charger.health.freshness import find_fault_age, find_stale_age, find_stale_measurement_age
from sniffer.core.charger.health.link_health import Health, assess_link
from sniffer.core.protocol.definition import Definition
from sniffer.core.wire.link import Route
from sniffer.fleet.metrics.labels import CONNECTORS_KEPT, OTHER, choose_meaning, keys_by_code, other_key
from sniffer.fleet.metrics.sample import LATENCY_EDGES, CommandKey, MetricsSample, RecordingSample
from sniffer.text.describe import format_meaning

COMMAND_LABELS = ("link", "direction", "command", "name")

UNKNOWN_STATUS = "unknown"
"""The label of a status that the definition does not name."""

_UNITS = {
    "V": ("evse_voltage_volts", 1, "The last value of each measured voltage."),
    "A": ("evse_current_amperes", 1, "The last value of each measured current."),
    "W": ("evse_power_watts", 1, "The power of each phase, from its voltage and current."),
    "Wh": ("evse_energy_joules", 3600, "The meter reading."),
    "°C": ("evse_temperature_celsius", 1, "The last value of each measured temperature."),
}
"""For each unit of the measured quantities: the family, the factor to the unit of the family, and the description.

Metrics are in base units, as Prometheus asks for them.
"""

_EXCHANGE_COUNTS: Mapping[str, tuple[str, str]] = {
    "count": ("evse_frames", "Frames with a valid check, by command."),
    "answered": ("evse_requests_answered", "Requests that were answered."),
    "unanswered": ("evse_requests_unanswered", "Requests that stayed without an answer although one is expected."),
    "retransmissions": ("evse_retransmissions", "Frames that were sent again."),
}
"""The family of each count of a command, and its description."""


def build_families(sample: MetricsSample, definition: Definition) -> Iterator[Metric]:
    """Yield all families of one sample."""
    about = "The version of evse-sniff and the source that it reads."
    info: dict[tuple[str, ...], float] = {(__version__, printable(sample.name)): 1.0}
    yield _build_gauge("evse_sniff_info", about, {("version", "source"): info})
    yield _build_gauge("evse_sniff_sample_timestamp_seconds", "When these values were taken.", sample.taken)
    yield from _build_link(sample)
    yield from _build_commands(sample, definition)
    yield _build_latencies(sample)
    yield from _build_connectors(sample, definition)
    yield from _build_faults(sample, definition)
    yield from _build_measurements(sample, definition)
    yield _build_counter("evse_events", "Events of the session, by kind.", {("event",): _by_one(sample.events)})
    if sample.recording:
        yield from _build_recording(sample.recording)
    for gauge in sample.gauges:
        yield _build_gauge(f"evse_{gauge.name}", gauge.about, gauge.value)


Labelled = Mapping[tuple[str, ...], float]
"""Values by their labels."""

Values = float | Mapping[tuple[str, ...], Labelled]
"""One value, or the names of labels with the values by their labels."""


def _build_gauge(name: str, about: str, values: Values) -> Metric:
    return _fill(GaugeMetricFamily, name, about, values)


def _build_counter(name: str, about: str, values: Values) -> Metric:
    return _fill(CounterMetricFamily, name, about, values)


def _fill(
    kind: type[GaugeMetricFamily] | type[CounterMetricFamily], name: str, about: str, values: Values
) -> GaugeMetricFamily | CounterMetricFamily:
    """Return a family with these values."""
    if not isinstance(values, Mapping):
        return kind(name, about, value=values)
    ((labels, by_labels),) = values.items()
    family = kind(name, about, labels=labels)
    for found, value in by_labels.items():
        family.add_metric(found, value)
    return family


def _by_one(counts: Mapping[str, float]) -> Labelled:
    return {(name,): count for name, count in counts.items()}


def _build_link(sample: MetricsSample) -> Iterator[Metric]:
    """Yield the counts of bytes and frames, and the verdict on the link."""
    ledger, link = sample.snapshot.ledger, sample.snapshot.link
    verdict = assess_link(link, sample.now).health
    verdicts = {health.value: float(health is verdict) for health in Health}
    about = "1 for the present verdict on the link, 0 for all others."
    yield _build_gauge("evse_link_health", about, {("health",): _by_one(verdicts)})
    if link.last is not None:
        yield _build_gauge("evse_last_bytes_timestamp_seconds", "When the last bytes arrived.", link.last / SECOND)
    yield _build_counter("evse_bytes_read", "Bytes that were read.", ledger.read)
    yield _build_counter("evse_frame_bytes", "Bytes in frames with a valid check.", ledger.frame_bytes)
    reasons = {reason.value: count for reason, count in ledger.noise.items()}
    sizes = {reason.value: size for reason, size in ledger.noise_bytes.items()}
    errors = {error.value: count for error, count in ledger.marked.items()}
    yield _build_counter("evse_noise_pieces", "Pieces of noise, by reason.", {("reason",): _by_one(reasons)})
    yield _build_counter("evse_noise_bytes", "Bytes in no frame, by reason.", {("reason",): _by_one(sizes)})
    yield _build_counter("evse_line_errors", "Bytes with a line error, by kind.", {("error",): _by_one(errors)})


def _build_commands(sample: MetricsSample, definition: Definition) -> Iterator[Metric]:
    """Yield the counts of each command that the definition has, and of all others together."""
    keys = keys_by_code(definition)
    totals: dict[str, defaultdict[CommandKey, float]] = {one: defaultdict(float) for one in _EXCHANGE_COUNTS}
    for stats in sample.snapshot.exchanges.commands:
        key = _key_of(stats, keys)
        for one, counts in totals.items():
            counts[key] += getattr(stats, one)
    for one, (name, about) in _EXCHANGE_COUNTS.items():
        yield _build_counter(name, about, {COMMAND_LABELS: totals[one]})


def _key_of(stats: CommandStats, keys: Mapping[tuple[Route, int], CommandKey]) -> CommandKey:
    """Return the labels of a command."""
    found = None if stats.code is None else keys.get((stats.route, stats.code))
    return found or other_key(stats.route)


def _build_latencies(sample: MetricsSample) -> Metric:
    """Return the histogram of the latencies of answers, by the command that answers."""
    about = "Time from a request to its answer, by the command that answers."
    family = HistogramMetricFamily("evse_answer_latency_seconds", about, labels=COMMAND_LABELS)
    edges = [*map(str, LATENCY_EDGES), "+Inf"]
    for key, latencies in sample.latencies.items():
        buckets = [*zip(edges, accumulate(latencies.counts), strict=True)]
        family.add_metric(key, buckets, latencies.total)
    return family


def _build_connectors(sample: MetricsSample, definition: Definition) -> Iterator[Metric]:
    """Yield the status of each connector while it is known, and when it was reported."""
    names = [*definition.statuses.names.values(), UNKNOWN_STATUS]
    states: dict[tuple[str, ...], float] = {}
    reported: dict[tuple[str, ...], float] = {}
    pilots: dict[tuple[str, ...], float] = {}
    connectors = sorted(sample.snapshot.connectors, key=lambda one: one.number)
    for connector in connectors[:CONNECTORS_KEPT]:
        number = str(connector.number)
        if connector.last is not None:
            reported[number,] = connector.last / SECOND
        if find_stale_age(connector.last, ("status",), sample.snapshot, definition, sample.now) is None:
            status = connector.status if connector.status in names else UNKNOWN_STATUS
            states |= {(number, printable(name)): float(name == status) for name in names}
            if connector.cp_voltage is not None and connector.cp_time == connector.last:
                pilots[number,] = connector.cp_voltage
    about = "1 for the present status of a connector, 0 for all others; no series while it is not known."
    yield _build_gauge("evse_connector_status", about, {("connector", "status"): states})
    about = "When the status of a connector was reported last."
    yield _build_gauge("evse_connector_report_timestamp_seconds", about, {("connector",): reported})
    yield _build_gauge("evse_control_pilot_volts", "The voltage of the control pilot.", {("connector",): pilots})
    left = max(0, len(connectors) - CONNECTORS_KEPT)
    yield _build_gauge("evse_connectors_left_out", f"Connectors beyond {CONNECTORS_KEPT}, which have no series.", left)


def _build_faults(sample: MetricsSample, definition: Definition) -> Iterator[Metric]:
    """Yield the active faults, whether they are known, and how often each was raised."""
    snapshot, labels = sample.snapshot, dict[str, None]()
    is_fresh = snapshot.says_faults and find_fault_age(snapshot, definition, sample.now) is None
    is_known = is_fresh and definition.tells_faults
    about = "1 while the active faults are known; 0 without a fresh status report."
    yield _build_gauge("evse_faults_known", about, float(is_known))
    active: defaultdict[tuple[str, ...], float] = defaultdict(float)
    kept = {one.number for one in sorted(snapshot.connectors, key=lambda one: one.number)[:CONNECTORS_KEPT]}
    for fault in snapshot.faults:
        meaning = choose_meaning(format_meaning(fault), labels)
        labels[meaning] = None
        connector = "" if fault.connector is None else str(fault.connector) if fault.connector in kept else OTHER
        active[connector, meaning] += 1
    yield _build_gauge("evse_fault_active", "1 for each active fault.", {("connector", "meaning"): active})
    if is_known or snapshot.faults:
        about = "How many faults are active; no series while nobody knows."
        yield _build_gauge("evse_faults_active", about, len(snapshot.faults))
    yield _build_counter("evse_faults_raised", "Faults that were raised.", {("meaning",): _by_one(sample.faults)})


def _build_measurements(sample: MetricsSample, definition: Definition) -> Iterator[Metric]:
    """Yield the measured values that are fresh, a family for each unit."""
    values: dict[str, dict[tuple[str, ...], float]] = {unit: {} for unit in _UNITS}
    connectors = sorted({one.connector for one in sample.snapshot.measurements.values if one.connector is not None})
    kept = (None, *connectors[:CONNECTORS_KEPT])
    for one in sample.snapshot.measurements.values:
        age = find_stale_measurement_age(one.time, sample.snapshot, definition, sample.now)
        if one.connector in kept and age is None:
            connector = "" if one.connector is None else str(one.connector)
            values[one.unit][one.name, connector] = one.value * _UNITS[one.unit][1]
    for unit, (name, _, about) in _UNITS.items():
        yield _build_gauge(name, about, {("quantity", "connector"): values[unit]})
    about = "Measured values that are not plausible at present."
    yield _build_gauge("evse_implausible_values", about, len(sample.snapshot.measurements.implausible))


def _build_recording(recording: RecordingSample) -> Iterator[Metric]:
    """Yield the state of the recording."""
    state = recording.state
    yield _build_gauge("evse_record_lag_seconds", "Age of the oldest record that is not written yet.", recording.lag)
    yield _build_gauge("evse_record_waiting", "Records that are not written yet.", recording.waiting)
    yield _build_gauge("evse_record_failing", "1 while nothing can be written.", float(bool(state.failure)))
    yield _build_gauge("evse_record_written", "Records written; those that a disk lost are taken off.", state.packets)
    yield _build_gauge("evse_record_lost", "Records that could not be written.", state.lost)
