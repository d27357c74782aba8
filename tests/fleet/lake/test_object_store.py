"""A lake in an object store: moto's server speaks S3, which we did not write."""

from collections.abc import Iterator

import pytest

from tests.fleet.lake.helpers import CHARGING, FAULT, add, rows

pytest.importorskip("s3fs")
pytest.importorskip("duckdb")
moto = pytest.importorskip("moto.server")

from sniffer.base.errors import OutputError  # noqa: E402
from sniffer.fleet.lake.queries.query import LakeConnection  # noqa: E402
from sniffer.fleet.lake.store import LakeStore  # noqa: E402

LAKE = "s3://sessions/lake"


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Serve an empty bucket."""
    server = moto.ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    store = LakeStore("s3://sessions")
    store.fs.clear_instance_cache()
    LakeStore("s3://sessions").fs.makedirs("sessions", exist_ok=True)
    yield
    store.fs.clear_instance_cache()
    server.stop()


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.usefixtures("bucket")
def test_sessions_are_added_once_asked_about_and_replaced(tmp_path) -> None:
    growing, whole = tmp_path / "now.pcapng", CHARGING.read_bytes()
    growing.write_bytes(whole[:4000])
    assert add(LAKE, FAULT, growing, bench="b 7").sessions == 2
    assert add(LAKE, FAULT, growing, bench="b 7").known == 2
    growing.write_bytes(whole)
    assert add(LAKE, growing, bench="b 7").sessions == 1
    add(tmp_path / "local", FAULT, CHARGING, bench="b 7")
    for table in ("frames", "faults", "events"):
        assert rows(LAKE, table) == rows(tmp_path / "local", table)
    question = "select bench, count(*), sum(octet_length(raw)) from frames group by bench"
    with LakeConnection(LAKE) as far, LakeConnection(str(tmp_path / "local")) as near:
        assert far.list_rows(question) == near.list_rows(question)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.usefixtures("bucket")
def test_a_bucket_that_is_not_there_is_one_line() -> None:
    with pytest.raises(OutputError) as caught:
        add("s3://nosuch/lake", FAULT)
    assert str(caught.value).startswith("s3://nosuch/lake: ")
    assert "\n" not in str(caught.value)
