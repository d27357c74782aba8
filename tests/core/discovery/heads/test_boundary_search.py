"""The boundary of frames: given covers and what stands between them, the size of the tail, or that it is open."""

from sniffer.core.discovery.heads.boundary_search import Boundary, Cover, find_boundary

BODY = b"\x01\x02\x03\x04\x05"


def lay(*parts: bytes) -> tuple[bytes, list[Cover]]:
    """Return the parts joined, and the places of the bodies among them."""
    data, units = b"", []
    for part in parts:
        if part == BODY:
            units.append((len(data), len(data) + len(BODY)))
        data += part
    return data, units


def frames(head: bytes, tail: bytes, count: int) -> list[bytes]:
    return [head, BODY, tail] * count


def test_both_ends_of_a_capture_say_where_frames_begin() -> None:
    data, units = lay(*frames(b"\x3a", b"\r\n", 4))
    assert find_boundary(data, units, 3) == Boundary(b"\r\n\x3a", 2, (), True)


def test_noise_between_frames_says_it() -> None:
    noise = b"\x99\x98"
    data, units = lay(b"\x98", *frames(b"\x3a", b"\r\n", 3), noise, *frames(b"\x3a", b"\r\n", 3), b"\x99\x97\x99\x98")
    assert find_boundary(data, units, 3) == Boundary(b"\r\n\x3a", 2, (), True)


def test_a_damaged_frame_says_nothing() -> None:
    """All of the bytes stand on both sides of it; so do they where a capture begins and ends within a frame."""
    damaged = b"\x3a" + b"\x01\x02\x77\x04\x05" + b"\r\n"
    whole = frames(b"\x3a", b"\r\n", 3)
    data, units = lay(b"\x05\r\n", *whole, damaged, *whole, b"\x3a\x01")
    found = find_boundary(data, units, 3)
    assert found.between == b"\r\n\x3a"
    assert found.others


def test_without_bytes_between_there_is_no_tail() -> None:
    assert find_boundary(*lay(BODY, BODY, BODY), 0) == Boundary(b"", 0)
    data, units = lay(b"\x11", BODY, b"\x22", BODY, b"\x33", BODY)
    assert find_boundary(data, units, 1) == Boundary(b"", 0)
