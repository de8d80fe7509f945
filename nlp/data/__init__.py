"""Vocabulary and thresholds of the nlp room."""
