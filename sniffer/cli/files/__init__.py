"""The commands that make something of saved sessions: another format, a report, a judgement, a bundle to send on."""
