"""What this service reads from others' topics, and what happens when its own clocks run out.

Organisations, grants and keys of the registry; what became of notices, from notifications.
"""
