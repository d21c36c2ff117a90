"""Every module that enters commands; importing this one enters them all."""

from tests.db.crisis.histories import (
    on_allocations,
    on_bundles,
    on_clocks,
    on_crises,
    on_imports,
    on_need_life,
    on_needs,
    on_news,
    on_offers,
    on_quantities,
    on_standing,
    on_terms,
)

MODULES = (
    on_allocations,
    on_bundles,
    on_clocks,
    on_crises,
    on_need_life,
    on_needs,
    on_offers,
    on_quantities,
    on_standing,
    on_terms,
    on_imports,
    on_news,
)
