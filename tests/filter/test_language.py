"""The language on the sample log and on a few sessions: this filter, those records."""

import pytest

from sniffer.core.charger.events import EVENT_NAMES, Event
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.wire.frame import Chunk
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM
from sniffer.filter.vocabulary import Vocabulary
from tests.core.protocol.helpers import CODEC, DEFINITION, frame
from tests.filter.helpers import SAMPLE, UTC, lines, numbers, records
from tests.known_frames import STATUS_REPORT

REPORT = CODEC.definition.command("status report")
SECOND = 1_000_000_000


def report(status, sequence=1):
    values = {"connector": 1, "status": status, "ocpp_error": "NoError", "m4_error": 0, "cp_voltage": 12}
    return CODEC.encode(REPORT, sequence, values)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("command == 01 and status == Faulted", [717]),
        ("status Faulted", [717, 719, 721]),
        ("STATUS == faulted", [717, 719, 721]),
        ("status == 8", [717, 719, 721]),
        ("status == 0x08", [717, 719, 721]),
        ("status >= 7", [717, 719, 721]),
        ("status < 8", []),
        ("status ~ fault", [717, 719, 721]),
        ("status != Faulted", []),
        ("ocpp_error ~ voltage", [717, 720, 721]),
        ("vendor_error == 0x200208", [720, 721]),
        ("vendor_error == 2097672", [720, 721]),
        ("vendor_error ~ 0208", [720, 721]),
        ("l1_voltage < 230", [728]),
        ("l1_voltage == 228.26", [728]),
        ("l1_voltage >= 228.27", []),
        ("cp_voltage 9 and text", [719]),
        ("charge_point_id 10427240", [709, 713, 731]),
        ('charge_point_id ~ "0427"', [709, 713, 731]),
        ('unknown_9 == "1c 15"', [717]),
        ("unknown_9 ~ 15", [717]),
        ("dir pwr>com", [717, 728]),
        ("direction == pwr>com and seq DDDD", [728]),
        ("link pwrboard and seq >= DD00", [728]),
        ("command 0001", [721, 726]),
        ("command 0x1 and dir ~ pwr", [717, 724]),
        ('command "STATUS REPORT"', [717]),
        ("name StatusNotification", [721]),
        ('name ~ "error code"', [718, 719, 720]),
        ("length 6", [710, 728]),
        ("size == 18 and length 11", [717]),
        ('payload == "59 2A 59 68 59 AD"', [728]),
        ("payload ~ 6859", [728]),
        ('raw ~ "dd dd 32"', [728]),
        ("answers", [710, 724, 726]),
        ("answers == 13", [724]),
        ("relays", [721]),
        ("event", [706, 717, 729]),
        ("event == boot", [706, 729]),
        ("event fault_raised and event status", [717]),
        ("event ~ fault", [717]),
        ("event != boot", [717]),
        ('fault == "under voltage"', [717]),
        ("fault", [717]),
        ("text ~ PENDING", [707, 730]),
        ("text and process ocpp", [704, 712, 713, 714, 715]),
        ("line >= 728 and line < 730", [728, 729]),
        ("number 1", [704]),
        ("time == 00:00:50", [728]),
        ("time >= 2023-11-30T00:00:52+0000 and not frame", [729, 730]),
        ('time > "2023-11-30 00:00:50"', [729, 730, 731, 732]),
        ("time < 2023-11-30T01:00:48+01:00 and event", [706]),
        ("delta >= 2", [706, 717, 729]),
        ('"Under Voltage"', [717]),
        ("'connector 1'", [717, 721, 724]),
        ("pending", [707, 730]),
        ("pwr>com", [717, 728]),
        ("noise or crc bad or problem or undefined", []),
        ("not crc good and not text", []),
    ],
)
def test_of_the_sample_log(text, found):
    assert lines(text) == found


def test_and_binds_more_than_or_and_not_more_than_and():
    assert lines("frame or text and not process ocpp") == lines("frame or (text and (not (process ocpp)))")
    assert lines("(frame or text) and not frame") != lines("frame or text and not frame") == lines("frame or text")


def test_a_comparison_with_what_a_record_does_not_have_is_false_and_so_turned_around_true():
    noise, lost = records(Chunk(b"\x01\x02"))
    session = [noise, lost]
    assert numbers("status == Faulted", session) == numbers("status != Faulted", session) == []
    assert numbers("not status == Faulted", session) == [1, 2]
    assert numbers("not (status == Faulted)", session) == [1, 2]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("noise", [1, 3, 4]),
        ("noise crc", [3]),
        ("noise != crc", [1, 4]),
        ("crc bad", [3]),
        ("crc good", [2]),
        ("crc", [2, 3]),
        ("frame", [2]),
        ("not frame", [1, 3, 4, 5]),
        ("raw == 0102", [1]),
        ("size 2", [1, 4]),
        ("event source_lost", [5]),
        ("unplugged", [5]),
        ("time", []),
        ("delta", []),
        ("line", []),
    ],
)
def test_of_noise(text, found):
    damaged = STATUS_REPORT.raw[:-1] + b"\0"
    session = records(Chunk(b"\x01\x02" + STATUS_REPORT.raw + damaged + STATUS_REPORT.raw[:2]))
    assert numbers(text, session) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("status", [1]),
        ("ocpp_error", []),
        ("problem", [1, 2]),
        ('problem ~ "without ocpp_error"', [1]),
        ("undefined", [2, 3]),
        ("undefined == 0506", [2]),
        ("command 77", [3]),
        ('name == "command 77 (unknown)"', [3]),
        ("command ~ 7", [3]),
        ("command > 32 and not event", [3]),
        ("name ~ unknown", [3]),
        ("payload == 0102030405", [3]),
        ('payload ""', []),
    ],
)
def test_of_payloads_that_the_definition_does_not_fit(text, found):
    short = frame(PWR_TO_COM, 0x01, b"\x01\x00")
    long = frame(COM_TO_PWR, 0x2C, b"\x01\x02\x03\x04\x05\x06")
    unknown = frame(PWR_TO_COM, 0x77, b"\x01\x02\x03\x04\x05")
    assert numbers(text, records(Chunk(short.raw + long.raw + unknown.raw))[:-1]) == found


def test_the_time_since_the_record_before_and_since_the_request():
    answer = CODEC.encode(DEFINITION.command("status answer"), 1, {"connector": 1})
    session = records(
        Chunk(report("Available"), SECOND), Chunk(answer, SECOND + 250_000_000), Chunk(b"\x01", 5 * SECOND)
    )
    assert numbers("latency == 0.25", session) == numbers("latency > 0.2 and latency < 0.3", session) == [2]
    assert numbers("delta == 0.25", session) == [2]
    assert numbers("delta > 3", session) == [3]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("time == 00:01", range(60, 120)),
        ("time == 00:01:02", [62]),
        ("time == 00:01:02.000", [62]),
        ("time == 00:01:02.5", []),
        ("time > 00:01", range(120, 130)),
        ("time >= 00:01", range(60, 130)),
        ("time < 00:01", range(60)),
        ("time <= 00:01", range(120)),
        ("time == 1970-01-01", range(130)),
        ("time > 1970-01-01", []),
        ("time != 00:01", [*range(60), *range(120, 130)]),
        ("time == 1970-01-01T01:01:02+01:00", [62]),
        ("time == 1970-01-01t00:01:02Z", [62]),
    ],
)
def test_a_time_is_as_long_as_its_last_part(text, seconds):
    session = records(*(Chunk(frame(PWR_TO_COM, 0x77).raw, second * SECOND) for second in range(130)))
    assert numbers(text, session) == [second + 1 for second in seconds]


def test_a_record_with_several_events_has_each_of_them_and_is_without_others():
    assert lines("event == status and event == fault_raised") == [717]
    assert lines("event != status") == [706, 729]
    assert lines("event != boot_loop") == [706, 717, 729]


def test_every_event_has_a_name():
    assert set(EVENT_NAMES) == set(Event.__args__)


MINE = """
[enumeration.mine]
label = "kind"
values = [{ number = 1, name = "8" }, { number = 2, name = "12 (unknown)" }, { number = 3, name = "and" }]

[[command]]
link = "pwrboard"
direction = "pwr>com"
code = 0x40
name = "fan"
summary = ""
fields = [
    { name = "time", size = 1 },
    { name = "Dir", size = 1, enumeration = "mine" },
    { name = "and", size = 1 },
    { name = "a·b", size = 1 },
    { name = "unknown_3", size = 1 },
]
"""


class TestAUsersDefinition:
    DEFINITION = load(packaged_files(), [("my.toml", MINE)])
    VOCABULARY = Vocabulary(DEFINITION, lambda: UTC)

    def session(self, payload):
        return records(Chunk(frame(PWR_TO_COM, 0x40, bytes(payload)).raw), definition=self.DEFINITION)[:-1]

    @pytest.mark.parametrize(
        "text",
        [
            "command fan",
            "name == FAN",
            "field.time == 7",
            "not time",
            "Dir == 3",
            'Dir == "and"',
            "Dir ~ 'AN'",
            "field.dir == 3",
            "dir == pwr>com",
            "field.and 5",
            '"a·b" == 6',
            "unknown_3 == 9",
            'unknown_3 != "00 00 00"',
        ],
    )
    def test_adds_names_that_can_all_be_asked_for(self, text):
        assert numbers(text, self.session([7, 3, 5, 6, 9]), self.VOCABULARY) == [1]

    @pytest.mark.parametrize(
        ("text", "dirs"),
        [("Dir == 8", [1]), ("Dir == 2", [2]), ('Dir == "12 (unknown)"', [2, 12]), ("Dir >= 8", [8, 12])],
    )
    def test_may_have_names_that_look_like_numbers(self, text, dirs):
        asked = [1, 2, 8, 12]
        assert [it for it in asked if numbers(text, self.session([0, it, 0, 0, 0]), self.VOCABULARY)] == dirs

    def test_is_not_mixed_up_with_bytes_of_another_field_of_the_name(self):
        assert lines("unknown_3 == '00 00 00'") == [717]
        assert numbers("unknown_3 > 8", SAMPLE, self.VOCABULARY) == []
