"""The analyzers of the confined Python process, in the order in which they speak."""

from internflow.reviews.analyzers.complexity import ComplexityAnalyzer
from internflow.reviews.analyzers.manifests import ManifestAnalyzer
from internflow.reviews.analyzers.protocol import Analyzer
from internflow.reviews.analyzers.secrets import SecretsAnalyzer
from internflow.reviews.analyzers.security import SecurityAnalyzer
from internflow.reviews.analyzers.structure import StructureAnalyzer

ANALYZERS: tuple[Analyzer, ...] = (
    ComplexityAnalyzer(),
    SecretsAnalyzer(),
    SecurityAnalyzer(),
    ManifestAnalyzer(),
    StructureAnalyzer(),
)
