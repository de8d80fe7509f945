"""Readers: archived bytes -> records, outside the reactor and without Scrapy."""
