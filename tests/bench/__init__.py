"""`./imece bench`: figures of one run on one machine, each beside the floor or target it is judged by.

Everything runs on loopback with load generator, clients, PostgreSQL (fsync on) and Kafka on the same cores.
"""
