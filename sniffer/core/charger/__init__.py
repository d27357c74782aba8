"""The state of the charger, folded from its messages: connectors, faults, boots, exchanges and the byte ledger."""
