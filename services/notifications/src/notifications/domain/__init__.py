"""Pure rules: audience, classes, retry schedules, states, outbound targets, texts. No clock, no I/O."""
