"""The events the services meet in: topics, models, samples. The only thing they know of each other."""
