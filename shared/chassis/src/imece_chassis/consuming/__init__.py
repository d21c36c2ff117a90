"""How records become effects: parse, deduplicate, apply, commit; and what happens when they do not."""
