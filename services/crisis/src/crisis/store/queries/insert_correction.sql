-- Write down a correction, after the rows it made.
INSERT INTO corrections (command_id, two_key_id, crisis_id, is_drill, allocation_id, root_id, need_line_id, line_version,
                         from_state, qty, excess, excess_allocation_id, reason, first_org_id, second_org_id,
                         corrected_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
