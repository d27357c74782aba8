"""From settings to a target: what is missing is said in one line."""

import pytest

from sniffer.base.errors import PublishError
from sniffer.config.publish_settings import PublishSettings
from sniffer.fleet.mqtt import publish_target
from sniffer.fleet.mqtt.publish_target import find_machine_name, prepare_target


def test_a_target_has_all_that_the_settings_say():
    settings = PublishSettings(to="mqtt://localhost/x", bench="b7", user="me", password="p", frames=True)
    target = prepare_target(settings)
    assert (str(target.bench.address), target.bench.name) == ("mqtt://localhost:1883/x", "b7")
    assert (target.bench.login.user, target.has_frames, target.cursors.bench) == ("me", True, "b7")
    assert prepare_target(settings).bench.client != target.bench.client


def test_what_is_missing_is_named(monkeypatch):
    with pytest.raises(PublishError, match="no broker is named"):
        prepare_target(PublishSettings())
    with pytest.raises(PublishError, match="cannot be the name of a bench"):
        prepare_target(PublishSettings(to="mqtt://localhost/x", bench="a/b"))
    monkeypatch.setattr(publish_target, "find_spec", lambda _: None)
    with pytest.raises(PublishError, match=r"publishing needs paho-mqtt: `pip install 'evse-sniff\[fleet\]'`"):
        prepare_target(PublishSettings(to="mqtt://localhost/x"))


@pytest.mark.parametrize(
    ("node", "name"), [("pi7.local", "pi7"), ("Lab PC/3", "Lab-PC-3"), ("", "bench"), ("x" * 99, "x" * 64)]
)
def test_a_bench_without_a_name_has_that_of_its_machine(monkeypatch, node, name):
    monkeypatch.setattr("platform.node", lambda: node)
    assert find_machine_name() == name
