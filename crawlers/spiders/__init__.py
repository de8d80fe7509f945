"""Scrapy spiders, one a source kind."""
