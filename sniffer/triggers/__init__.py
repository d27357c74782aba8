"""Actions at records that match a filter: run a command, raise an alert, end the session.

A trigger is a sink of `sniffer.session`. It never blocks the event loop, and no failure of its action ends the session.
`docs/triggers.md` describes the triggers for people.
"""
