"""The native capture format: pcapng with link type 250, RTAC serial (`docs/captures.md`)."""
