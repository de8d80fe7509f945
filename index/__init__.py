"""Memory: the ledger (record of truth) and the search engines behind one port."""
