"""What may keep the tool from working at a bench, looked at one by one: `evse-sniff doctor`."""
