"""The charger behind the bytes: connectors, faults, boots and the byte ledger, folded from what was said."""
