-- migrate:up transaction:false
-- What of a package is promised already?
CREATE INDEX CONCURRENTLY IF NOT EXISTS offers_of_package ON offers (package_id) WHERE package_id IS NOT NULL;
