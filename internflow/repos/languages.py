"""Which language a file is in, and which files are somebody else's or a machine's work."""

import re
from pathlib import PurePosixPath

LANGUAGES = {
    ".py": "python", ".pyi": "python", ".js": "javascript", ".mjs": "javascript", ".cjs": "javascript",
    ".jsx": "javascript", ".ts": "typescript", ".tsx": "tsx", ".java": "java", ".c": "c", ".h": "c", ".cc": "cpp",
    ".cpp": "cpp", ".cxx": "cpp", ".hpp": "cpp", ".hh": "cpp", ".go": "go", ".rs": "rust", ".cs": "csharp",
    ".kt": "kotlin", ".swift": "swift", ".rb": "ruby", ".php": "php", ".scala": "scala", ".sql": "sql",
    ".sh": "shell", ".bash": "shell", ".html": "html", ".css": "css", ".md": "markdown", ".rst": "text",
    ".txt": "text", ".toml": "toml", ".yaml": "yaml", ".yml": "yaml", ".ini": "ini", ".cfg": "ini",
}  # fmt: skip
NAMES = {"dockerfile": "dockerfile", "makefile": "make", "gemfile": "ruby", "rakefile": "ruby"}

NOT_OWN = re.compile(
    r"(^|/)(node_modules|vendor|vendored|third_party|_vendor|dist|build|\.venv|venv|site-packages|__pycache__)/"
    r"|\.min\.(js|css)$|(^|/)(package-lock\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|Cargo\.lock|go\.sum|uv\.lock)$"
    r"|_pb2(_grpc)?\.pyi?$|\.pb\.go$|\.(designer|generated|g)\.\w+$|(^|/)migrations/\d{4}_\w+\.py$"
)


def find_language(path: str) -> str | None:
    """Language of a path by its ending or name; None when it is no text that we know."""
    name = PurePosixPath(path).name.lower()
    return NAMES.get(name) or LANGUAGES.get(PurePosixPath(name).suffix)


def is_generated_or_vendored(path: str) -> bool:
    """Whether a path is by its name vendored, generated or a lock file."""
    return NOT_OWN.search(path) is not None
