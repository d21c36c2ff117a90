-- migrate:up
SET LOCAL lock_timeout = '5s';

-- With which event of the surviving line was a merge undone? Clocks of two hosts cannot tell whether that was before or
-- after the line was lowered. A merge undone by a process that does not write this has only its time.
CREATE TABLE undone_line_merges (
  merge_id            uuid    NOT NULL,
  is_drill            boolean NOT NULL,
  need_line_id        uuid    NOT NULL,
  undone_line_version bigint  NOT NULL,
  PRIMARY KEY (merge_id, is_drill, need_line_id),
  FOREIGN KEY (merge_id, is_drill, need_line_id) REFERENCES need_line_merges (merge_id, is_drill, need_line_id),
  CONSTRAINT undone_by_an_event CHECK (undone_line_version > 0)
);
CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON undone_line_merges
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
