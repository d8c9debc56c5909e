"""Job platforms: pure parsers, one module each, named as the vendor and as its spider."""

from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from crawlers.platform import Platform

PLATFORMS: MappingProxyType[str, Platform] = MappingProxyType(
    {
        module.name: import_module(f"{__name__}.{module.name}").PLATFORM
        for module in iter_modules(__path__)
    }
)
