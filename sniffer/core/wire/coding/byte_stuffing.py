"""Consistent overhead byte stuffing (COBS): a content without zeros, each of which is sent as a distance."""

LONGEST_RUN = 0xFF
"""The distance in a stuffed frame that stands for no zero: so many bytes less one without any."""


def stuff(content: bytes) -> bytes:
    """Return the bytes in which a content is sent: before each run without a zero stands its size, and one more."""
    out, largest = bytearray(), LONGEST_RUN - 1
    *runs, last = content.split(b"\0")
    for run in (*runs, last):
        full = len(run) - len(run) % largest
        for at in range(0, full, largest):
            out += bytes([LONGEST_RUN]) + run[at : at + largest]
        # The last run needs no distance to a zero if it ends with a full one.
        if run is not last or not run or full < len(run):
            out += bytes([len(run) - full + 1]) + run[full:]
    return bytes(out)


def list_stuffed(body: bytes) -> list[tuple[int, int]]:
    """Return the offset and the value of each byte of a stuffed content; nothing if a distance leads out of it.

    A zero is where the distance to the next one stands.
    """
    places: list[tuple[int, int]] = []
    at = 0
    while at < len(body):
        following = at + body[at]
        if following == at or following > len(body):
            return []
        places += [(place, body[place]) for place in range(at + 1, following)]
        if body[at] < LONGEST_RUN and following < len(body):
            places.append((following, 0))
        at = following
    return places
