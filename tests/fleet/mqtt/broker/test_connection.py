"""Connections to a real broker: confirmations, properties, the last will, and each way in which it can fail."""

import socket
import threading

import pytest

from sniffer.base.errors import PublishError
from sniffer.fleet.mqtt.broker.connection import BrokerConnection
from sniffer.fleet.mqtt.messages.message import OutboxMessage
from tests.fleet.mqtt.helpers import bench_of
from tests.fleet.mqtt.mosquitto import Mosquitto, Subscriber, make_certificates, make_passwords
from tests.live.helpers import free_port
from tests.waiting import wait_until

MESSAGE = OutboxMessage("event", b"{}", (("bench", "b1"), ("number", "7")))
WILL = OutboxMessage("status", b"gone", is_retained=True)


def connect(bench, will=None):
    connection = BrokerConnection(bench, will)
    connection.open()
    return connection


def poll(connection, number):
    """Poll until this message is confirmed, or the connection fails."""
    for _ in range(500):
        if number in connection.poll(0.1):
            return
    raise AssertionError("never confirmed")


def failure_of(bench):
    with pytest.raises(PublishError) as raised:
        connect(bench)
    text = str(raised.value)
    assert text.startswith(f"127.0.0.1:{bench.address.port}: ")
    return text


def test_messages_are_confirmed_and_the_will_is_published_only_if_the_bench_is_gone(tmp_path):
    with Mosquitto(tmp_path, "max_inflight_messages 7") as broker, Subscriber(broker.port) as store:
        bench = bench_of(broker.address)
        connection = connect(bench, WILL)
        assert connection.most_unconfirmed == 7
        poll(connection, connection.send(MESSAGE))
        connection.close()
        connection = connect(bench, WILL)
        poll(connection, connection.send(OutboxMessage("/whole/topic", b"x")))
        connection.drop()
        wait_until(lambda: store.of("status"))
        first, second, will = store.messages
    assert (first.topic, first.payload, first.content_type) == ("benches/b1/event", b"{}", "application/json")
    assert first.properties == {"bench": "b1", "number": "7"}
    assert (second.topic, will.topic, will.payload) == ("whole/topic", "benches/b1/status", b"gone")


def test_a_limit_of_the_broker_is_known(tmp_path):
    with Mosquitto(tmp_path, "max_packet_size 5000") as broker:
        connection = connect(bench_of(broker.address))
        connection.close()
        assert connection.largest == 5000 - 1024


def test_who_may_log_in_and_publish_where(tmp_path):
    passwords = make_passwords(tmp_path, bench1="right")
    rules = tmp_path / "acl"
    rules.write_text("user bench1\ntopic write benches/b1/status\n")
    rules.chmod(0o600)
    lines = f"password_file {passwords}", f"acl_file {rules}"
    with Mosquitto(tmp_path / "broker", *lines, is_open=False) as broker:
        for settings in ({}, {"user": "bench1", "password": "wrong"}):
            assert "refuses user and password" in failure_of(bench_of(broker.address, **settings))
        connection = connect(bench_of(broker.address, user="bench1", password="right"))
        poll(connection, connection.send(OutboxMessage("status", b"x")))
        with pytest.raises(PublishError, match="may not publish to benches/b1/event: allow it in the ACL"):
            poll(connection, connection.send(MESSAGE))
        connection.drop()


def test_tls_with_the_right_authority_and_with_another_one(tmp_path):
    made, other = make_certificates(tmp_path / "a"), make_certificates(tmp_path / "b")
    with Mosquitto(tmp_path / "broker", *made.lines) as broker:
        address = broker.address.replace("mqtt:", "mqtts:")
        connection = connect(bench_of(address, ca=str(made.ca)))
        poll(connection, connection.send(MESSAGE))
        connection.close()
        assert "certificate is not accepted" in failure_of(bench_of(address))
        assert "certificate is not accepted" in failure_of(bench_of(address, ca=str(other.ca)))
        named = address.replace("127.0.0.1", "localhost")
        with pytest.raises(PublishError, match=r"certificate is not accepted \(Hostname mismatch"):
            connect(bench_of(named, ca=str(made.ca)))
        assert "does it want TLS" in failure_of(bench_of(broker.address))


def test_a_certificate_of_the_bench_instead_of_a_password(tmp_path):
    made = make_certificates(tmp_path / "a")
    lines = *made.lines, "require_certificate true", "use_identity_as_username true"
    with Mosquitto(tmp_path / "broker", *lines, is_open=False) as broker:
        address = broker.address.replace("mqtt:", "mqtts:")
        settings = {"ca": str(made.ca), "cert": str(made.bench_cert), "key": str(made.bench_key)}
        connection = connect(bench_of(address, **settings))
        poll(connection, connection.send(MESSAGE))
        connection.close()
        assert "client certificate" in failure_of(bench_of(address, ca=str(made.ca)))


def test_no_broker_there_and_one_that_says_nothing(monkeypatch):
    assert "nothing listens there" in failure_of(bench_of(f"mqtt://127.0.0.1:{free_port()}/x"))
    monkeypatch.setattr("sniffer.fleet.mqtt.broker.connection.CONNECT_TIMEOUT", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert "does not answer" in failure_of(bench_of(f"mqtt://127.0.0.1:{port}/x"))
        closing = threading.Thread(target=close_two, args=(server,))
        closing.start()
        assert "closed the connection" in failure_of(bench_of(f"mqtt://127.0.0.1:{port}/x"))
        closing.join()


def test_a_broker_that_is_killed(tmp_path):
    with Mosquitto(tmp_path) as broker:
        connection = connect(bench_of(broker.address))
        broker.stop(by_force=True)
        with pytest.raises(PublishError, match="closed the connection"):
            poll(connection, connection.send(MESSAGE))
        connection.drop()


def test_a_broker_that_confirms_nothing(monkeypatch):
    monkeypatch.setattr("sniffer.fleet.mqtt.broker.connection.CONFIRM_TIMEOUT", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as server:
        accepting = threading.Thread(target=lambda: accepted.append(accept_login(server)))
        accepted: list[socket.socket] = []
        accepting.start()
        connection = connect(bench_of(f"mqtt://127.0.0.1:{server.getsockname()[1]}/x"))
        number = connection.send(MESSAGE)
        with pytest.raises(PublishError, match="does not answer any more"):
            poll(connection, number)
        connection.drop()
        accepting.join()
        accepted[0].close()


def close_two(server):
    """Accept the connection that waits, and another one, and close both."""
    for _ in range(2):
        server.accept()[0].close()


def accept_login(server):
    """Accept a connection, and answer its CONNECT with a CONNACK without properties (MQTT 5, 3.2)."""
    connected, _ = server.accept()
    connected.recv(1000)
    connected.sendall(bytes.fromhex("2003000000"))
    return connected
