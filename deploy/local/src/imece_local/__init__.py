"""The local platform: a real PostgreSQL, a real Kafka and every service, under one supervisor.

Nothing here runs in production. Each part is a child of the process that started it and dies with it.
"""
