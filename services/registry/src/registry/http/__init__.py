"""The registry's routes: shapes in, commands out, answers back. No SQL, no decisions."""
