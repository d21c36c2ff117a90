-- migrate:up
SET LOCAL lock_timeout = '5s';
LOCK TABLE saturation_orders, need_lines IN SHARE ROW EXCLUSIVE MODE; -- before tasks, as commands do

-- Why shall goods on the road turn, and where to? A depot, or a line that misses them.
ALTER TABLE tasks
  ADD COLUMN order_id uuid,
  ADD COLUMN proposed_place text,
  ADD COLUMN proposed_line_id uuid,
  ADD CONSTRAINT because_of_an_order FOREIGN KEY (order_id, is_drill)
    REFERENCES saturation_orders (order_id, is_drill) NOT VALID,
  ADD CONSTRAINT to_a_line FOREIGN KEY (proposed_line_id, is_drill)
    REFERENCES need_lines (need_line_id, is_drill) NOT VALID,
  -- Where is the line that is proposed?
  ADD CONSTRAINT line_has_a_place CHECK (proposed_line_id IS NULL OR proposed_place IS NOT NULL) NOT VALID;
