"""The objects of OCPP messages: calls, results, errors, and the events of a dialogue."""

import json
from datetime import UTC, timedelta, timezone

from sniffer.core.pipeline import Pipeline
from sniffer.core.wire.items import Note
from sniffer.formats.jsonl import writer
from sniffer.formats.jsonl.reader import items_of
from tests.core.protocol.helpers import DEFINITION
from tests.dialogue import CHANGE, CHANGED, CUT, FAILED, NOTIFICATION, dialogue_records


class TestOcpp:
    def objects(self):
        """Return the objects of the dialogue that are not events, by the numbers of their records."""
        found = [found for record in dialogue_records() for found in writer.objects_of(record, DEFINITION, UTC)]
        return {one["number"]: one for one in found if one["type"] != "event"}

    def test_a_call_has_its_parameters(self):
        assert self.objects()[CHANGE] == {
            "type": "ocpp",
            "time": "2024-04-03T07:36:12.000000+00:00",
            "number": CHANGE,
            "process": "ocpp",
            "text": '<=CSMS:[2,"msg002","ChangeAvailability",{"connectorId":1,"type":"Operative"}]',
            "call": "call",
            "id": "msg002",
            "action": "ChangeAvailability",
            "direction": "csms>ocpp",
            "payload": {"connectorId": 1, "type": "Operative"},
        }

    def test_a_result_names_its_call(self):
        found = self.objects()
        assert (found[CHANGED]["action"], found[CHANGED]["answers"]) == (
            "ChangeAvailability",
            {"number": CHANGE, "after": None},
        )
        assert (found[5]["action"], "answers" in found[5]) == (None, False)

    def test_an_error_has_its_code(self):
        found = self.objects()[FAILED]
        assert (found["call"], found["code"], found["description"]) == ("error", "InternalError", "no room")
        assert found["payload"] == {}

    def test_only_a_message_that_is_cut_off_is_not_complete(self):
        assert [number for number, found in self.objects().items() if "complete" in found] == [CUT]
        assert self.objects()[CUT]["complete"] is False

    def test_a_frame_passes_on_a_call_and_a_call_a_frame(self):
        found = self.objects()
        assert found[CHANGE + 1]["relays"]["number"] == CHANGE
        assert found[NOTIFICATION]["relays"]["number"] == NOTIFICATION - 1

    def test_events_of_a_dialogue_have_their_keys(self):
        found = [one for record in dialogue_records() for one in writer.objects_of(record, DEFINITION, UTC)]
        by_name = {one["event"]: one for one in found if one["type"] == "event"}
        assert {"clock", "ocpp_error", "disagreement", "status"} <= by_name.keys()
        assert (by_name["clock"]["label"], by_name["clock"]["zone"]) == ("+09:00", "+10:00")
        assert by_name["clock"]["difference"] == 3600
        assert by_name["ocpp_error"] | {"time": None} == {
            "type": "event",
            "time": None,
            "number": FAILED,
            "event": "ocpp_error",
            "action": "StatusNotification",
            "id": "msg006",
            "code": "InternalError",
            "description": "no room",
            "request": {"number": NOTIFICATION},
        }
        differs = by_name["disagreement"]
        assert [differs[key] for key in ("field", "reported", "relayed", "action")] == [
            "status",
            "Preparing",
            "Charging",
            "StatusNotification",
        ]

    def test_lines_without_time_stamp_say_so(self):
        found = self.objects()
        assert [number for number, one in found.items() if one.get("continues")] == [2, 3, 4]
        assert (found[4]["process"], found[4]["time"]) == ("ocpp", "2024-04-03T07:36:11.000000+00:00")

    def test_the_lines_give_the_same_records_when_they_are_read(self):
        lines = [
            line
            for record in dialogue_records()
            for line in writer.format_lines(record, DEFINITION, timezone(timedelta(hours=9)))
        ]
        pipeline = Pipeline(DEFINITION)
        items = [item for line in lines for item in items_of(json.loads(line)) if not isinstance(item, Note)]
        assert [record for item in items for record in pipeline.feed(item)] == dialogue_records()
