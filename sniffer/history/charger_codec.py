"""Pack the state of a charger into bytes, and unpack it again as a charger that goes on by itself.

In: a charger. Out: bytes, for this process alone: they are a pickle, and are never read from anywhere else. What never
changes, as the definition, is stored as its position. A packed charger takes a twentieth of the memory of a copy.
"""

import io
import pickle
import zlib
from typing import Any

from sniffer.core.charger.charger import Charger
from sniffer.core.charger.shared_values import find_shared_values
from sniffer.core.protocol.definition import Definition
from sniffer.history.records.event_codec import COMPRESSION, VALUE_REDUCERS


class ChargerCodec:
    """The packing of the chargers of a session with this definition."""

    def __init__(self, definition: Definition) -> None:
        self._constants = (*find_shared_values(definition).values(), *definition.errors)
        self._places = {id(constant): place for place, constant in enumerate(self._constants)}

    def pack(self, charger: Charger) -> bytes:
        """Return the charger as bytes."""
        buffer = io.BytesIO()
        _ChargerPickler(buffer, self._places).dump(charger)
        return zlib.compress(buffer.getvalue(), COMPRESSION)

    def unpack(self, data: bytes) -> Charger:
        """Return a new charger with the packed state."""
        charger: Charger = _ChargerUnpickler(io.BytesIO(zlib.decompress(data)), self._constants).load()
        return charger


class _ChargerPickler(pickle.Pickler):
    """The pickler of a session with these constants."""

    dispatch_table = VALUE_REDUCERS

    def __init__(self, file: io.BytesIO, places: dict[int, int]) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._places = places

    def persistent_id(self, value: object) -> int | None:
        """Return the place of a constant; None for any other value."""
        return self._places.get(id(value))


class _ChargerUnpickler(pickle.Unpickler):
    """The unpickler of a session with these constants."""

    def __init__(self, file: io.BytesIO, constants: tuple[object, ...]) -> None:
        super().__init__(file)
        self._constants = constants

    def persistent_load(self, place: Any) -> object:
        """Return the constant at a place."""
        return self._constants[place]
