"""A recorder that writes and tries again soon."""

import pytest

from sniffer.recording import recorder as module


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FLUSH_INTERVAL", 0.02)
    monkeypatch.setattr(module, "RETRY_INTERVAL", 0.02)
