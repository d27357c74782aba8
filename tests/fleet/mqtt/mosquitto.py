"""A real broker, mosquitto, with TLS, passwords and rules where a test wants them, and a subscriber that stores."""

import io
import json
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import zstandard
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from tests.live.helpers import PATIENCE, free_port
from tests.tools import need
from tests.waiting import wait_until

OPENSSL = "openssl"


class Mosquitto:
    """A broker on a port of its own. `lines` are those of its configuration, after the listener.

    It can be killed, and started again on the same port. What it has queued for its subscribers is on the disk.
    """

    def __init__(self, folder: Path, *lines: str, is_open: bool = True) -> None:
        self._program = need_mosquitto()
        self.port = free_port()
        self._folder = folder
        self._folder.mkdir(exist_ok=True)
        self._process: subprocess.Popen[bytes] | None = None
        # A broker started by root changes to another user, who has no access to the folder of a test.
        user = ["user root"] if os.getuid() == 0 else []
        access = ["allow_anonymous true"] if is_open else ["allow_anonymous false"]
        (folder / "mosquitto.conf").write_text(
            "\n".join([f"listener {self.port} 127.0.0.1", *user, *access, "max_queued_messages 0", *lines, ""])
        )
        self.start()

    def start(self) -> None:
        log = (self._folder / "mosquitto.log").open("ab")
        self._process = subprocess.Popen(
            [self._program, "-c", self._folder / "mosquitto.conf"], stdout=log, stderr=subprocess.STDOUT
        )
        log.close()
        wait_until(self._answers)

    def stop(self, *, by_force: bool = False) -> None:
        if self._process:
            (self._process.kill if by_force else self._process.terminate)()
            self._process.wait()
            self._process = None

    def reload(self) -> None:
        """Let the broker read its files of passwords and rules again."""
        assert self._process is not None
        self._process.send_signal(signal.SIGHUP)

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self._folder / "mosquitto.log").read_text()
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    @property
    def address(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}/benches"

    def __enter__(self) -> "Mosquitto":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def need_mosquitto() -> str:
    """Return the path of mosquitto, which Debian has in a folder that not every user searches."""
    path = Path("/usr/sbin/mosquitto")
    return str(path) if path.is_file() else need("mosquitto")


@dataclass(frozen=True)
class Received:
    """One message as a subscriber receives it."""

    topic: str
    payload: bytes
    is_retained: bool
    properties: dict[str, str] = field(default_factory=dict)
    content_type: str = ""

    @property
    def level(self) -> str:
        return self.topic.rpartition("/")[2]

    @property
    def object(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.payload)
        return found

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The objects of a message of frames."""
        content = self.payload
        if self.content_type.endswith("+zstd"):
            content = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(content)).read()
        return [json.loads(line) for line in content.decode().splitlines()]


class Subscriber:
    """A subscriber to everything, which keeps all messages in the order in which they arrive."""

    def __init__(self, port: int, name: str = "store", user: str = "", password: str = "") -> None:
        self.messages: list[Received] = []
        self._subscribed = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, name, protocol=MQTTProtocolVersion.MQTTv5)
        self._client.reconnect_delay_set(0.05, 0.2)  # type: ignore[arg-type]
        self._client.on_connect = lambda client, *_: client.subscribe("#", qos=1)
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_disconnect = lambda *_: self._subscribed.clear()
        self._client.on_message = self._take
        if user:
            self._client.username_pw_set(user, password)
        self._client.connect("127.0.0.1", port, keepalive=5, clean_start=False, properties=_stay())
        self._client.loop_start()
        self.wait_until_subscribed()

    def wait_until_subscribed(self) -> None:
        """Wait for the subscription. A broker that was started again may have forgotten the last one."""
        assert self._subscribed.wait(PATIENCE)

    def _take(self, _client: object, _data: object, message: Any) -> None:
        properties = dict(getattr(message.properties, "UserProperty", []))
        content_type = getattr(message.properties, "ContentType", "")
        self.messages.append(Received(message.topic, message.payload, bool(message.retain), properties, content_type))

    @property
    def is_connected(self) -> bool:
        return self._client.is_connected() and self._subscribed.is_set()

    def of(self, level: str) -> Sequence[Received]:
        return [one for one in [*self.messages] if one.level == level]

    def __enter__(self) -> "Subscriber":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def _stay() -> Any:
    from paho.mqtt.packettypes import PacketTypes
    from paho.mqtt.properties import Properties

    properties = Properties(PacketTypes.CONNECT)
    properties.SessionExpiryInterval = 3600
    return properties


@dataclass(frozen=True)
class Certificates:
    """An authority, the certificate of a broker on this machine, and that of a bench."""

    ca: Path
    cert: Path
    key: Path
    bench_cert: Path
    bench_key: Path

    @property
    def lines(self) -> list[str]:
        """The lines of a broker's configuration."""
        return [f"cafile {self.ca}", f"certfile {self.cert}", f"keyfile {self.key}"]


def make_certificates(folder: Path) -> Certificates:
    """Make them by openssl."""
    openssl = need(OPENSSL)
    folder.mkdir(exist_ok=True)
    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]

    def run(*words: str) -> None:
        subprocess.run([openssl, *words], cwd=folder, check=True, capture_output=True)

    run("req", "-x509", *new_key, "-keyout", "ca.key", "-out", "ca.crt", "-subj", "/CN=test authority")
    for name, subject in (("broker", "/CN=127.0.0.1"), ("bench", "/CN=bench1")):
        run(
            "req", "-x509", *new_key, "-keyout", f"{name}.key", "-out", f"{name}.crt", "-subj", subject,
            "-CA", "ca.crt", "-CAkey", "ca.key", "-addext", "subjectAltName=IP:127.0.0.1",
            "-addext", "basicConstraints=critical,CA:FALSE",
        )  # fmt: skip
    return Certificates(*(folder / name for name in ("ca.crt", "broker.crt", "broker.key", "bench.crt", "bench.key")))


def make_passwords(folder: Path, **users: str) -> Path:
    """Make a file of passwords by mosquitto's own tool."""
    path = folder / "passwords"
    path.touch(mode=0o600)
    for user, password in users.items():
        subprocess.run([need("mosquitto_passwd"), "-b", path, user, password], check=True, capture_output=True)
    return path
