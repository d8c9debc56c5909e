"""Spider of careers pages with JobPosting data; crawlers.platforms.schema_org says how they are read."""

from crawlers.platforms import schema_org
from crawlers.spiders.board import BoardSpider


class SchemaOrgSpider(BoardSpider):
    """Crawls careers pages with JobPosting data."""

    name = "schema_org"
    platform = schema_org.PLATFORM
