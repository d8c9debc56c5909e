"""Job platforms: pure parsers, one module each, named as the vendor and as its spider."""

from types import MappingProxyType

from crawlers.parsing import Platform
from crawlers.platforms import ashby, greenhouse

PLATFORMS: MappingProxyType[str, Platform] = MappingProxyType(
    {"ashby": ashby, "greenhouse": greenhouse}
)
