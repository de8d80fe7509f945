"""The captured bytes: WARC files and their catalogue."""
