"""`evse-sniff doctor`: checks of what may keep the tool from working on this machine."""
