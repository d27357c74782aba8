"""Many benches and years of sessions: what is published to a broker, measured for a dashboard, and stored to be asked.

Each needs packages of the extra `fleet`, which are loaded when they are used. What it does can neither stall nor change
the reading, counting or recording of a tap. `docs/fleet.md` describes it for people.
"""
