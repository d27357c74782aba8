"""The target of publishing: the broker, the login, the name of the bench, and what the broker has confirmed.

In: settings, those of the command line already in them. Out: a `PublishTarget`. Raises `PublishError` with one line
that says what to mend, also if the library is not installed.
"""

import platform
import re
import secrets
from importlib.util import find_spec

from msgspec import Struct

from sniffer.base.errors import PublishError
from sniffer.config.publish_settings import PublishSettings
from sniffer.fleet.mqtt.broker.address import EXAMPLE, LONGEST_NAME, check_bench, parse_address
from sniffer.fleet.mqtt.broker.connection import Bench
from sniffer.fleet.mqtt.broker.login import read_login
from sniffer.fleet.mqtt.delivery.cursor import CursorFolder

MISSING = "publishing needs paho-mqtt: `pip install 'evse-sniff[fleet]'`"

NO_ADDRESS = f"no broker is named: give its address, such as --to {EXAMPLE}, or name it as `to` in `[publish]`"


class PublishTarget(Struct, frozen=True):
    """The broker, the login and the topics with which a bench publishes.

    `cursors` say what the broker has confirmed. With `has_frames`, all frames are published as well. `home_assistant`
    is the topic prefix under which Home Assistant finds the bench; empty if it does not.
    """

    bench: Bench
    cursors: CursorFolder
    has_frames: bool
    home_assistant: str


def prepare_target(settings: PublishSettings) -> PublishTarget:
    """Return the target of these settings. Raises `PublishError`."""
    if find_spec("paho") is None:
        raise PublishError(MISSING)
    if not settings.to:
        raise PublishError(NO_ADDRESS)
    address = parse_address(settings.to, without_tls=settings.without_tls)
    name = check_bench(settings.bench or find_machine_name())
    login = read_login(settings, has_tls=address.has_tls)
    # Two clients of one name would end each other's connections.
    client = f"evse-sniff-{secrets.token_hex(8)}"
    cursors = CursorFolder(str(address), name)
    return PublishTarget(Bench(address, login, name, client), cursors, settings.frames, settings.home_assistant)


def find_machine_name() -> str:
    """Return the name of this machine as the name of a bench."""
    name = re.sub(r"[^\w.-]+", "-", platform.node().partition(".")[0]).strip("-")
    return name[:LONGEST_NAME] or "bench"
