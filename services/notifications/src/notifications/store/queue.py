"""How long due work waits, per channel; read every few seconds for the metrics."""

from imece_chassis.database import Transaction


async def oldest_seconds(tx: Transaction) -> dict[str, float]:
    """Age in seconds of the oldest due delivery per channel; lanes paused on purpose do not count."""
    rows = await tx.fetch(
        """SELECT d.channel, extract(epoch FROM now() - min(d.due_at))::float8 AS age
             FROM notify.deliveries d
             LEFT JOIN notify.endpoints e ON e.endpoint_id = d.lane
            WHERE d.state = 'queued' AND d.due_at <= now()
              AND (e.paused_until IS NULL OR e.paused_until <= now())
            GROUP BY d.channel"""
    )
    return {row["channel"]: row["age"] for row in rows}
