"""The web: sources, Scrapy spiders, politeness, readers (capture -> records)."""
