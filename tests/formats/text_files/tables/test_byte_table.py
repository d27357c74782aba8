"""Tables of bytes that logic analysers and loggers export."""

from collections.abc import Sequence

import pytest

from sniffer.core.wire.items import Chunks, Tap
from sniffer.formats.text_files.tables.byte_table import ByteTable, find_table, is_number_table
from sniffer.formats.text_files.tables.cell_forms import CellForm
from sniffer.formats.text_files.tables.cell_times import TimeColumn
from sniffer.formats.text_files.tables.row_layout import RowLayout
from sniffer.formats.text_files.text_reader import TextReader
from sniffer.formats.text_files.text_shape import find_text_shape

FRAME = bytes.fromhex("BBDDDD3206592A596859AD6BBC")
HEX = FRAME.hex(" ")


def rows(form: str) -> list[str]:
    return [form.format(at=at, byte=byte) for at, byte in enumerate(FRAME)]


@pytest.mark.parametrize(
    ("head", "form", "table", "first"),
    [
        (
            "Time [s],Value,Parity Error,Framing Error",
            "{at}.000000000000000,0x{byte:02X},,",
            ByteTable(RowLayout(","), ((1, ""),), TimeColumn(0)),
            "0.000000000 0xBB",
        ),
        (
            "Time [s],Value,Parity Error,Framing Error",
            "{at}.5,{byte},,",
            ByteTable(RowLayout(","), ((1, ""),), TimeColumn(0), form=CellForm.DECIMAL),
            "0.500000000 bb",
        ),
        (
            "name,type,start_time,duration,data,error",
            '"RX","data",2023-11-30T10:00:00.{at:09},0.00008,0x{byte:02X},',
            ByteTable(RowLayout(","), ((4, ""),), TimeColumn(2), channel=0),
            "2023-11-30T10:00:00.000000000 RX: 0xBB",
        ),
        (
            "Id,Time[ns],1:UART: RX/TX",
            "{at},{at}500.00,{byte:02X}",
            ByteTable(RowLayout(","), ((2, ""),), TimeColumn(1, exponent=-9)),
            "0.000000500 BB",
        ),
        (
            "Time[ms];Decoded Protocol Result",
            "{at}.25;0x{byte:02X}",
            ByteTable(RowLayout(";"), ((1, ""),), TimeColumn(0, exponent=-3)),
            "0.000250000 0xBB",
        ),
        (
            "time\tdir\thex",
            "10:00:{at:02}\tRx\t{byte:02x}",
            ByteTable(RowLayout("\t"), ((2, ""),), TimeColumn(0), 1),
            "10:00:00 Rx: bb",
        ),
    ],
)
def test_the_names_of_columns_say_where_bytes_stand(head: str, form: str, table: ByteTable, first: str) -> None:
    lines = [head, *rows(form)]
    assert find_table(lines) == table
    assert table.rewrite(lines[1]) == first
    assert table.rewrite(head) == head
    assert table.rewrite("") == ""


@pytest.mark.parametrize(
    ("lines", "rewritten"),
    [
        (["Time,RX,TX", "1.5,bb dd,", "2.5,,aa 00"], ["1.500000000 RX: bb dd", "2.500000000 TX: aa 00"]),
        (["#Time (s),TX,RX", "1.5,hAA,", "2.5,,hBB"], ["1.500000000 TX: AA", "2.500000000 RX: BB"]),
        (["# an export", "Time,RX", "1.5ms,BB", "2.5ms,DD"], ["Time,RX", "0.001500000 BB", "0.002500000 DD"]),
        (["Id,UART: RX/TX", "1,RX:BB", "2,TX:AA"], ["RX: BB", "TX: AA"]),
        (["start_time,data", "1,0b10111011", "2,0b00000000"], ["1.000000000 bb", "2.000000000 00"]),
        (["Time [s],Value", "1,'187'", "2,Y", "3,COMMA"], ["1.000000000 bb", "2.000000000 59", "3.000000000 2c"]),
        (["start,data", r"1,\xBB", '2,"2"', '3," "'], ["1.000000000 BB", "2.000000000 32", "3.000000000 20"]),
        (["#,Function,Data,Data (chars)", "0,IRP_MJ_READ,bb dd,..", "1,x,aa,."], ["READ: bb dd", "x: aa"]),
        (["#,Direction,Data,Data length", "0,UP,bb dd,2", "1,DOWN,aa,1"], ["in: bb dd", "out: aa"]),
        (["Time;Data", '="10:00:01";="BB DD"', '="10:00:02";="AA"'], ["10:00:01 BB DD", "10:00:02 AA"]),
        (["Time;Value", "0,5;0xBB", "1,5;0xDD"], ["0.500000000 0xBB", "1.500000000 0xDD"]),
        (
            ["Zeit;Richtung;Daten", "10:00:01;Empfangen;BB", "10:00:02;Gesendet;AA"],
            ["10:00:01 Empfangen: BB", "10:00:02 Gesendet: AA"],
        ),
        (
            ["Time [s],Value", "1,'0' (0x00)", "2,Y (0x59)", '3," (0x22)'],
            ["1.000000000 00", "2.000000000 59", "3.000000000 22"],
        ),
        (
            ["@timestamp,message", f"10:00:01,RX: {HEX}", f'10:00:02,"10:00:03 {HEX}"'],
            [f"10:00:01 RX: {HEX}", f"10:00:03 {HEX}"],
        ),
        (
            ["Time,Line", f'"10:00:01","{HEX}"', f'"10:00:02","{HEX}"', "10:00:03,x"],
            [f"10:00:01 {HEX}", f"10:00:02 {HEX}", "10:00:03,x"],
        ),
        (
            ["No.,Time,Length,Leftover Capture Data,Info", "1,0.5,40,bbdd,URB", "2,1.5,41,aa,URB"],
            ["0.500000000 bbdd", "1.500000000 aa"],
        ),
        (["Time,RX(HEX)", "-1.5E+00,BB", "-5.0E-01,DD"], ["0.000000000 BB", "1.000000000 DD"]),
        (
            [
                "TimeGenerated [UTC],Message",
                f'"1/15/2026, 8:59:48.001 AM","RX: {HEX}"',
                f'"1/15/2026, 8:59:49 AM","{HEX}"',
            ],
            [f"1/15/2026, 8:59:48.001 AM RX: {HEX}", f"1/15/2026, 8:59:49 AM {HEX}"],
        ),
        (["Temps (s);Sens;Données (hex)", "0,5;RX;BB", "1;TX;AA"], ["0.500000000 RX: BB", "1.000000000 TX: AA"]),
        (["# Level,Len,Record,Data", "0,2 B,IN txn,BB", "0,1 B,OUT txn,AA"], ["IN: BB", "OUT: AA"]),
        (
            ["time,dir,len,b0,b1,b2,b3,b4,b5,b6", "10:00:01,RX,2,BB,DD,,,,,", "10:00:02,TX,1,0A,,,,,,"],
            ["10:00:01 RX: BB DD", "10:00:02 TX: 0A"],
        ),
        (
            ["time;0;1;2;3;4;5;6", "0,5;187;6;;;;;", "1,5;10;;;;;;"],
            ["0.500000000 bb 06", "1.500000000 0a"],
        ),
        (["sep=;", "Time;Data", "10:00:01;BB", "10:00:02;DD"], ["Time;Data", "10:00:01 BB", "10:00:02 DD"]),
    ],
)
def test_a_row_is_read_by_its_columns(lines: Sequence[str], rewritten: Sequence[str]) -> None:
    table = find_table(lines)
    assert table
    assert [table.rewrite(line) for line in lines[1:]] == rewritten


def test_each_direction_of_a_table_is_a_tap() -> None:
    text = "\n".join(["time,dir,data", f"10:00:01,Rx,{FRAME.hex()}", f"10:00:02,Tx,{FRAME.hex(' ')}"]).encode()
    shape = find_text_shape(text)
    assert shape is not None
    reader = TextReader(shape)
    items = [*reader.feed(text), *reader.finish()]
    assert [item.name for item in items if isinstance(item, Tap)] == ["Rx", "Tx"]
    assert [item.tap for item in items if isinstance(item, Chunks)] == [1, 2]


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["time,data"],
        ["time,data", "1,BB"],
        ["time,data", "1,BB", "2,hello"],
        ["time,rx,tx", "1,BB,00", "2,DD,00"],
        ["time,data", "1,300", "2,200"],
        ["time,rx data,tx data", "1,BB,DD", "2,BB,DD"],
        ["0xBB,0xDD", "0xBB,0xDD", "0xBB,0xDD"],
        ["a text", "of lines"],
        [f'x,y,"RX: {HEX}"', f'x,y,"RX: {HEX}"', f'x,y,"RX: {HEX}"'],
        ["RX: 187, 0, 0", "RX: 221, 0, 0", "RX: 1, 0, 0"],
        ["x" * 2000 + ",data", "1,BB", "2,BB"],
        ['"' + "x" * 200_000 + '",data', "1,BB", "2,BB"],
    ],
)
def test_other_lines_are_no_table(lines: Sequence[str]) -> None:
    assert find_table(lines) is None


@pytest.mark.parametrize(
    ("lines", "is_other"),
    [
        (["time,l1,voltage [V]", "0,10,23", "1,12,23"], True),
        (["time,b0,b1", "0,10,23", "1,12,23"], False),
        (["time,l1,l2", "0,10,BB", "1,12,23"], False),
        (["time,data,l2", "0,10,20", "1,12,23"], False),
        (["time,l1,l2", "0,10", "1,12,23"], False),
        (["10,20,30", "10,20,30", "10,20,30"], False),
        (["time,l1"], False),
        ([], False),
    ],
)
def test_a_table_of_numbers_has_no_column_of_bytes(lines: Sequence[str], *, is_other: bool) -> None:
    assert is_number_table(lines) is is_other
    assert (find_text_shape("\n".join(lines).encode()) is None) or not is_other


def test_a_line_of_many_digits_is_no_table() -> None:
    assert find_table(["1" * 8000, "2" * 8000]) is None


def test_the_last_cells_of_a_row_may_be_missing() -> None:
    head, rows = "b0,b1,b2,b3,b4,b5,b6,time,dir", ["BB,DD,DD,32,06,59,2A,1.000,rx", "BB,DD,DD,32,06,59,2A", "BB"]
    table = find_table([head, *rows])
    assert table
    assert [table.rewrite(row) for row in rows] == ["1.000 rx: BB DD DD 32 06 59 2A", "BB DD DD 32 06 59 2A", "BB"]
