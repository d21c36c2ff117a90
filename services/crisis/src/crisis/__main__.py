"""python -m crisis {run ROLE… | check | audit-verify | migrate | republish | dead-letters | openapi}.

Roles: api, relay, consume, board, timers.
"""

import sys

from crisis.wiring import SERVICE
from imece_chassis.cli import main

if __name__ == "__main__":
    sys.exit(main(SERVICE))
