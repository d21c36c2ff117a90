"""The edge: subscriptions, deliveries, inbox, and the page on which a reader stops a mail list."""
