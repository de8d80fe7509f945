"""Ledger schema versions."""
