"""Places known beforehand."""
