"""Every module that enters commands; importing this one enters them all."""

from tests.db.crisis.histories import on_allocations, on_clocks, on_crises, on_needs

MODULES = (on_allocations, on_clocks, on_crises, on_needs)
