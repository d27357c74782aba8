"""Live publishing by MQTT 5: what the bench concludes, measures and sees, to a broker that others listen to.

The recording is the outbox: only what is in a capture on the disk is sent, and a cursor beside it says what the broker
has confirmed. So a bench that was off-line, restarted or killed sends what is missing, in order and at least once. Each
message names its bench, session and record, by which whoever stores it removes doubles.
"""
