"""What a process tells its operators: JSON logs, metrics, trace identifiers."""
