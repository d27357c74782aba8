"""The table `[publish]` of the settings: the broker to publish to, the name of this bench, and how to log in.

In: a table of `settings.toml`, which people edit. Out: valid `PublishSettings`, and what is wrong with the others.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import fields

from sniffer.config.unknown_keys import list_mistyped


class PublishSettings(Struct, frozen=True):
    """The settings for publishing: broker, login and topics.

    `to` is the address of the broker with the prefix of all topics; if it is empty, nothing is published by itself.
    `bench` is the name of this bench; empty stands for that of the machine. The password is in `password`, in the file
    `password_file` or in the variable of the environment `password_env`. `ca`, `cert` and `key` are files: of the
    authority that signed the broker's certificate, and of the client's certificate and its key. With `frames`, each
    frame is published. `home_assistant` is the prefix of its discovery messages; if it is empty, there are none. With
    `without_tls`, a broker on another machine may be used without TLS.
    """

    to: str = ""
    bench: str = ""
    user: str = ""
    password: str = ""
    password_file: str = ""
    password_env: str = ""
    ca: str = ""
    cert: str = ""
    key: str = ""
    frames: bool = False
    home_assistant: str = ""
    without_tls: bool = False


HOME_ASSISTANT_PREFIX = "homeassistant"
"""The prefix of the discovery messages that Home Assistant reads by default."""


def parse_publish_table(found: Mapping[str, Any]) -> tuple[PublishSettings, list[str]]:
    """Return the valid values of the table, and a text about each one that is not valid."""
    wrong: list[str] = []
    values: dict[str, Any] = {}
    defaults = {field.name: field.default for field in fields(PublishSettings)}
    for key, value in found.items():
        if key not in defaults:
            wrong += (f"publish: {text}" for text in list_mistyped([key], defaults))
        elif key == "home_assistant" and isinstance(value, bool):
            values[key] = HOME_ASSISTANT_PREFIX if value else ""
        elif type(value) is type(defaults[key]):
            values[key] = value
        else:
            wrong.append(f"publish: {key} must be {'true or false' if isinstance(defaults[key], bool) else 'a text'}")
    return PublishSettings(**values), wrong
