"""The sample web and the demo run on it."""
