"""Independent checkers: their own SQL, their own fold, another Kafka client, no line of service code.

Each returns one sentence per violation and nothing when the invariant holds.
"""
