"""What this service listens to: facts of the crisis service, and (through the chassis) the access mirror."""
