"""A live session for test rigs: a test reads the charger and waits for it, without a screen and without a process.

In: a source, as the command line takes it. Out: the state of the charger, records as they come, and errors whose one
line says what was waited for and what was seen instead. Everything runs on the caller's asyncio loop.

```python
import asyncio

import sniffer


async def main() -> None:
    async with sniffer.tap("/dev/ttyUSB0") as session:
        charger = await session.until(status="Available", timeout=10)
        print(charger.charge_point_id, charger.registration.state)
        record = await session.seen(command="status report", connector=1, timeout=30)
        print("record", record.number)
        async for message in session.messages():
            print(message.name, message.summary)
            break


asyncio.run(main())
```

With pytest and pytest-asyncio the session is a fixture, and each test leaves a capture of its session:

```python
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import sniffer


@pytest_asyncio.fixture
async def charger(tmp_path: Path) -> AsyncIterator[sniffer.LiveSession]:
    async with sniffer.tap("/dev/ttyUSB0", record=tmp_path / "test.pcapng") as session:
        yield session


@pytest.mark.asyncio
async def test_the_charger_is_ready(charger: sniffer.LiveSession) -> None:
    known = await charger.until(status="Available", connector=1, timeout=10)
    assert not known.faults
    await charger.seen("l1_voltage > 0", timeout=10)
```
"""
