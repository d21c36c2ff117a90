"""Pure rules: audience, classes, retry schedules, delivery states, outbound targets, texts. No clock, no I/O."""
