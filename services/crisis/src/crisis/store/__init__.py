"""SQL of the write side: rows to domain and back.

Locks are taken in the order crisis, offer lines, need lines, allocations, each by id. Only `ledger` touches
balance columns.
"""
