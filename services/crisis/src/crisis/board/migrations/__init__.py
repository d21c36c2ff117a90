"""SQL files of the board's own schema, component "board"."""
