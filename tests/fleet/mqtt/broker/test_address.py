"""Addresses of brokers: what is understood, and what is refused with what to write."""

import pytest

from sniffer.base.errors import PublishError
from sniffer.fleet.mqtt.broker.address import BrokerAddress, check_bench, parse_address


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mqtts://broker.example/benches", BrokerAddress("broker.example", 8883, True, "benches")),
        ("mqtts://broker:18883/a/b/", BrokerAddress("broker", 18883, True, "a/b")),
        ("mqtt://localhost/x", BrokerAddress("localhost", 1883, False, "x")),
        ("mqtt://127.1.2.3:5/x", BrokerAddress("127.1.2.3", 5, False, "x")),
        ("mqtt://[::1]:5/x", BrokerAddress("::1", 5, False, "x")),
    ],
)
def test_an_address_is_understood_and_printed_so_that_it_is_understood_again(text, found):
    assert parse_address(text) == found
    assert parse_address(str(found)) == found


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("broker/x", "no address"),
        ("http://broker/x", "no address"),
        ("mqtts:///x", "no address"),
        ("mqtts://broker:0/x", "no address"),
        ("mqtts://broker:99999/x", "no address"),
        ("mqtts://broker/x?y", "no address"),
        ("mqtts://broker", "needs a prefix"),
        ("mqtts://broker//", "needs a prefix"),
        ("mqtts://broker/+/x", "needs a prefix"),
        ("mqtts://broker/$SYS", "needs a prefix"),
        ("mqtt://broker/x", "in clear"),
        ("mqtt://10.0.0.1/x", "in clear"),
        ("mqtt://localhost.example/x", "in clear"),
    ],
)
def test_another_text_is_refused(text, about):
    with pytest.raises(PublishError, match=about):
        parse_address(text)


def test_a_password_in_the_address_is_refused_and_not_repeated():
    with pytest.raises(PublishError, match="in `\\[publish\\]`") as raised:
        parse_address("mqtts://me:secret@broker/x")
    assert "secret" not in str(raised.value)


def test_a_broker_without_tls_is_taken_if_that_is_asked_for():
    assert parse_address("mqtt://10.0.0.1/x", without_tls=True).host == "10.0.0.1"


@pytest.mark.parametrize("name", ["", "a/b", "a+", "#", "x" * 65, "a\nb", "a\0"])
def test_what_cannot_be_a_level_of_a_topic_is_no_name_of_a_bench(name):
    with pytest.raises(PublishError, match="cannot be the name of a bench"):
        check_bench(name)


def test_other_names_are():
    assert check_bench("Prüfstand 7") == "Prüfstand 7"
