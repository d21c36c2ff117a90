"""The HTTP edge: one middleware, problem documents, callers, idempotent writes, paging, health."""
