"""Sessions of the simulator and of the sample log: tshark shows each frame as we do."""

import pytest

from sniffer.base.times import SECOND
from sniffer.core.wire.items import Chunk
from sniffer.core.wire.links import PWR_TO_COM
from sniffer.formats.charger_log import parse_line
from sniffer.simulator.scenarios import SCENARIOS
from tests.commands.wireshark.helpers import Dissection, assert_shown_alike, is_on_the_wire
from tests.core.charger.helpers import sample_lines
from tests.core.protocol.helpers import frame
from tests.filter.helpers import numbers
from tests.filter.helpers import records as session
from tests.known_frames import REAL_FRAMES
from tests.paths import CAPTURES
from tests.sample_sessions import SESSIONS as SAMPLES
from tests.simulator.helpers import first, tapped
from tests.test_sample_sessions import session as sample


def real_lines():
    """Return the lines of the real charger's log."""
    return map(parse_line, (CAPTURES / "starcharge-idle.log").read_text("utf-8").splitlines())


SESSIONS = {
    **{name: tapped(first(90 * SECOND, name)).records for name in SCENARIOS},
    "log": session(*sample_lines())[:-1],
    "real log": [record for record in session(*real_lines())[:-1] if is_on_the_wire(record)],
    "real frames": session(*[parse_line(f"{known.arrow}:{known.text}") for known in REAL_FRAMES])[:-1],
    **{name: sample(name)[0] for name in SAMPLES},
}
EVERYTHING = session(
    *first(90 * SECOND, "noisy"),
    *first(90 * SECOND, "undervoltage"),
    Chunk(frame(PWR_TO_COM, 0x01, b"\1\x08").raw, 0),
    Chunk(bytes.fromhex("bb0001010b01020600000000fff400009894"), 0),
    Chunk(b"".join(known.raw for known in REAL_FRAMES), 0),
    *sample_lines(),
)

FILTERS = {
    "evse.command == 1": "command == 0x01",
    "evse.status == 8": "status == Faulted",
    "evse.crc.bad": "crc bad",
    "evse.crc.status == 0": "crc bad",
    "evse.crc.status == 1": "crc good",
    "evse.noise.reason": "noise",
    'evse.noise.reason == "truncated"': "noise truncated",
    'evse.direction == "pwr>com"': "dir pwr>com",
    'evse.link == "dbus"': "link dbus",
    'evse.name == "phase voltages"': 'name == "phase voltages"',
    "evse.l1_voltage < 225": "l1_voltage < 225",
    "evse.vendor_error == 0x200208": "vendor_error == 0x200208",
    "evse.sequence == 0xdddd": "seq DDDD",
    "evse.m4_error == 4 && evse.cp_voltage == 9": "m4_error == 4 and cp_voltage == 9",
    "evse.charge_point_id": "charge_point_id",
    "evse.cp_voltage < 0": "cp_voltage < 0",
    "evse.temperature == 46": "temperature == 46",
    "evse.energy >= 223710": "energy >= 223710",
    "evse.current > 0 && evse.voltage < 240.2": "current > 0 and voltage < 240.2",
    "evse.problem": "problem",
    "evse.length > 6": "length > 6",
}


@pytest.mark.parametrize("name", SESSIONS)
def test_each_frame_and_each_piece_of_noise_is_shown_as_we_show_it(tmp_path, name):
    assert_shown_alike(Dissection(tmp_path), SESSIONS[name])


@pytest.fixture(scope="module")
def dissection(tmp_path_factory):
    return Dissection(tmp_path_factory.mktemp("dissection")).put(EVERYTHING)


@pytest.mark.parametrize(("theirs", "ours"), FILTERS.items())
def test_a_display_filter_selects_what_our_filter_does(dissection, theirs, ours):
    wanted = {*numbers(ours, EVERYTHING)}
    places = [place for place, record in enumerate(EVERYTHING, 1) if is_on_the_wire(record) and record.number in wanted]
    assert places
    assert dissection.numbers(theirs) == places


def test_the_tree_shows_names_units_meanings_and_what_is_a_guess(dissection):
    shown = dissection.tshark("-V", "-Y", "evse.m4_error == 4 || evse.vendor_error || evse.l1_voltage").splitlines()
    assert {
        "    [name: status report]",
        "    status: Faulted (8)",
        "    m4_error: Under voltage (4)",
        "    cp_voltage [assumed]: 9 V",
        "    board_temperature: 28 °C",
        "    vendor_error: Under voltage (0x200208)",
        "    l1_voltage in V [inferred]: 228.26",
        "    energy: 223710 Wh",
        "    voltage in V: 240.1",
        "    l1_voltage in V [assumed]: 240.1",
        "    temperature: 46 °C",
    } <= {*shown}
