"""The keys of a fault card in JSON: its advice, and what others call the fault (`docs/json.md`).

In: a fault card. Out: JSON objects. Codes are written as in events: names for OCPP, `0x` for the vendor's.
"""

from typing import Any

from sniffer.text.faults.advice import load_handbook
from sniffer.text.faults.fault_card import FaultCard

Object = dict[str, Any]


def build_advice_object(card: FaultCard) -> Object | None:
    """Return the advice of a card in the order in which it is needed; None if it has none."""
    if card.advice is None:
        return None
    return {
        "electrical": list(card.advice.electrical),
        "danger": list(card.advice.danger),
        "safety": load_handbook().safety,
        "measure": list(card.advice.measure),
        "afterwards": load_handbook().afterwards,
    }


def build_vocabulary_objects(card: FaultCard) -> list[Object]:
    """Return the names of the fault of a card in other vocabularies."""
    return [
        {
            "vocabulary": name.vocabulary,
            "names": list(name.names),
            "provenance": name.provenance.value,
            "remark": name.remark,
        }
        for name in card.names
    ]


def build_card_object(card: FaultCard) -> Object:
    """Return a whole card. A code that is not known is absent from `codes`."""
    return {
        "meaning": card.row.meaning,
        "provenance": card.row.provenance.value,
        "codes": [
            {"code": code.label, "value": code.value, "provenance": code.provenance.value}
            for code in card.codes
            if code.provenance is not None
        ],
        "vocabularies": build_vocabulary_objects(card),
        "confused_with": [{"meaning": one.row.meaning, "why": one.why} for one in card.confused_with],
        "advice": build_advice_object(card),
    }
