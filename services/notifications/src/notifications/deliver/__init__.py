"""The role that sends: claims due deliveries, sends without a transaction, records after."""
