"""JSON lines, the format of `dump --json` (`docs/json.md`): one object a line."""
