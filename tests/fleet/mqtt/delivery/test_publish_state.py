"""The state of publishing is a value that the screen imports without the library, and without TLS."""

import subprocess
import sys

from sniffer.fleet.mqtt.delivery.publish_state import PublishState


def test_nothing_is_published_at_the_beginning():
    state = PublishState()
    assert (state.is_connected, state.failure, state.messages, state.is_done) == (False, "", 0, False)


def test_it_loads_neither_the_library_nor_tls():
    code = (
        "import sys, sniffer.fleet.mqtt.delivery.publish_state; print([n for n in ('paho', 'ssl') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
