"""The domain: records that travel between rooms, and what is known beforehand. No network, no database."""
