"""The Scrapy project: from the boards of job platforms to landing files."""
