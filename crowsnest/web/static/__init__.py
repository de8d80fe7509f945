"""The style sheet and the icon."""
