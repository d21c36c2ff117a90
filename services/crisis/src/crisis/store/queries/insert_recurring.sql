-- Write a new recurring need.
INSERT INTO recurring_needs (recurring_id, crisis_id, is_drill, template_id, org_id, district, every_days, is_draft,
                             next_at, until, deadline_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
