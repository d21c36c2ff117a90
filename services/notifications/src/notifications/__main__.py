"""python -m notifications {run api relay consume deliver | migrate | dead-letters | republish | openapi}."""

import sys

from imece_chassis.cli import main
from notifications.wiring import SERVICE

if __name__ == "__main__":
    sys.exit(main(SERVICE))
