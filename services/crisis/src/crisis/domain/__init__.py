"""Pure decisions about crises, needs and pledges: no await, no clock, no database, no framework."""
