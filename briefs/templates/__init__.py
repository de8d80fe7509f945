"""Jinja2 and MJML templates of briefs and sheets."""
