"""One connection to a broker: messages out, confirmations in, until it ends.

It is made anew after each failure, and nothing of the old one is kept: what was not confirmed is sent again by the
publisher, in its order. All calls are made in one thread, that of the publisher, and block for a bounded time. They
raise `PublishError` with one line when the connection or a message fails; then the connection must be closed.
"""

import ssl
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from sniffer.base.errors import PublishError
from sniffer.fleet.mqtt.broker.address import BrokerAddress
from sniffer.fleet.mqtt.broker.failures import (
    CLOSED_EARLY,
    LOST,
    SILENT,
    describe_connect_error,
    describe_refused_login,
    describe_refused_message,
)
from sniffer.fleet.mqtt.broker.login import Login
from sniffer.fleet.mqtt.messages.message import OutboxMessage

if TYPE_CHECKING:
    from paho.mqtt.client import Client

KEEP_ALIVE = 20
"""Seconds after which a silent connection is tested. The last will is published after one and a half of them."""

CONNECT_TIMEOUT = 10.0
"""Seconds that each step of connecting may take."""

CONFIRM_TIMEOUT = 45.0
"""Seconds in which a message has to be confirmed."""

MOST_UNCONFIRMED = 64
"""The most messages on their way, unless the broker allows fewer."""

ROOM_FOR_HEADER = 1024
"""Bytes of a packet that are not its payload: the topic, and the properties."""


class Bench(Struct, frozen=True):
    """The settings of a connection: the broker, the login, and the names of the bench and of this run."""

    address: BrokerAddress
    login: Login
    name: str
    client: str

    def topic_of(self, level: str) -> str:
        """Return the topic of this bench with this last level."""
        return f"{self.address.prefix}/{self.name}/{level}"


class BrokerConnection:
    """A connection as `bench`. `will` is the message that the broker publishes if this bench is gone, or None."""

    def __init__(self, bench: Bench, will: OutboxMessage | None) -> None:
        self._bench = bench
        self._will = will
        self._client: Client | None = None
        self._login: tuple[int, str] | None = None
        self._confirmed: list[int] = []
        self._sent: dict[int, tuple[str, float]] = {}
        self._refused = ""
        self.most_unconfirmed = MOST_UNCONFIRMED
        self.largest: int | None = None
        """The largest payload that the broker takes, in bytes; None if it names no limit."""

    def open(self) -> None:
        """Connect and log in. Raises `PublishError`."""
        bench = self._bench
        try:
            self._client = self._build_client()
            self._client.connect(bench.address.host, bench.address.port, KEEP_ALIVE, clean_start=True)
        except (OSError, ssl.SSLError, ValueError, EOFError) as error:
            raise self._fail(describe_connect_error(error)) from error
        deadline = time.monotonic() + CONNECT_TIMEOUT
        while self._login is None:
            has_failed = self._loop(0.1)
            if has_failed and self._login is None:
                raise self._fail(CLOSED_EARLY)
            if time.monotonic() > deadline:
                raise self._fail(SILENT)
        code, name = self._login
        if code:
            raise self._fail(describe_refused_login(code, name))

    def send(self, message: OutboxMessage) -> int:
        """Send a message; return the number by which it is confirmed."""
        assert self._client
        topic = self._topic_of(message)
        properties = self._build_properties(message)
        info = self._client.publish(topic, message.payload, 1, message.is_retained, properties)
        if info.rc:
            raise self._fail(LOST)
        self._sent[info.mid] = topic, time.monotonic()
        return info.mid

    def poll(self, timeout: float) -> Sequence[int]:
        """Send and receive what can be, waiting at most `timeout` seconds for the network; return what was confirmed.

        The numbers are those of `send`.
        """
        has_failed = self._loop(timeout)
        confirmed, self._confirmed = self._confirmed, []
        if confirmed:
            return confirmed
        if has_failed or self._refused:
            raise self._fail(self._refused or LOST)
        if self._sent:
            _, since = next(iter(self._sent.values()))
            if time.monotonic() - since > CONFIRM_TIMEOUT:
                raise self._fail(SILENT)
        return ()

    def close(self) -> None:
        """End the connection. The broker takes this as an orderly end, and does not publish the last will."""
        if self._client:
            self._client.disconnect()
            self._client.loop(0)
            self._client = None

    def drop(self) -> None:
        """End the connection without a farewell, as after a failure: the broker publishes the last will."""
        client, self._client = self._client, None
        if client and (connected := client.socket()):
            connected.close()

    def _build_client(self) -> "Client":
        """Return a client of the MQTT library for this bench, which is not connected yet."""
        from paho.mqtt.client import Client
        from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

        bench = self._bench
        client = Client(CallbackAPIVersion.VERSION2, bench.client, protocol=MQTTProtocolVersion.MQTTv5)
        client.connect_timeout = CONNECT_TIMEOUT
        client.max_inflight_messages_set(MOST_UNCONFIRMED)
        client.on_connect = self._take_login
        client.on_publish = self._take_confirmation
        if bench.login.user:
            client.username_pw_set(bench.login.user, bench.login.password or None)
        if bench.login.tls:
            client.tls_set_context(bench.login.tls)
        if self._will:
            client.will_set(self._topic_of(self._will), self._will.payload, 1, self._will.is_retained)
        return client

    def _build_properties(self, message: OutboxMessage) -> Any:
        from paho.mqtt.packettypes import PacketTypes
        from paho.mqtt.properties import Properties

        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        properties.ContentType = message.content_type
        if message.properties:
            properties.UserProperty = [*message.properties]
        return properties

    def _topic_of(self, message: OutboxMessage) -> str:
        """Return the whole topic of a message; one with a slash at its beginning is whole already."""
        return message.topic[1:] if message.topic.startswith("/") else self._bench.topic_of(message.topic)

    def _take_login(self, _client: object, _data: object, _flags: object, reason: Any, properties: Any) -> None:
        """Take the answer to the login, and the limits of the broker."""
        self._login = (reason.value if reason.is_failure else 0), str(reason)
        self.most_unconfirmed = min(MOST_UNCONFIRMED, getattr(properties, "ReceiveMaximum", MOST_UNCONFIRMED))
        if (largest := getattr(properties, "MaximumPacketSize", None)) is not None:
            self.largest = max(0, largest - ROOM_FOR_HEADER)

    def _take_confirmation(self, _client: object, _data: object, number: int, reason: Any, _properties: object) -> None:
        """Take the confirmation of a message, or its refusal."""
        topic, _ = self._sent.pop(number)
        if reason.is_failure:
            self._refused = self._refused or describe_refused_message(reason.value, str(reason), topic)
        elif not self._refused:
            self._confirmed.append(number)

    def _loop(self, timeout: float) -> bool:
        """Send and receive what can be. Return True if the connection has failed."""
        assert self._client
        try:
            return bool(self._client.loop(timeout))
        except (OSError, ssl.SSLError, ValueError):
            return True

    def _fail(self, why: str) -> PublishError:
        """Return the error of this connection."""
        address = self._bench.address
        return PublishError(f"{address.host}:{address.port}: {why}")
