"""Companies known beforehand."""
