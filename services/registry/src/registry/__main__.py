"""python -m registry {run api relay | bootstrap | audit-verify | migrate | republish | openapi}."""

import sys

from imece_chassis.cli import main
from registry.wiring import SERVICE

if __name__ == "__main__":
    sys.exit(main(SERVICE))
