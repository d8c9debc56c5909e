"""Which language a file is in, and which paths are somebody else's or a machine's work."""

import re
from pathlib import PurePosixPath

LANGUAGES = {
    ".py": "python", ".pyi": "python", ".pyw": "python", ".js": "javascript", ".mjs": "javascript",
    ".cjs": "javascript", ".jsx": "javascript", ".ts": "typescript", ".mts": "typescript", ".cts": "typescript",
    ".tsx": "tsx", ".java": "java", ".c": "c", ".h": "c", ".cc": "cpp", ".cpp": "cpp", ".cxx": "cpp", ".hpp": "cpp",
    ".hh": "cpp", ".hxx": "cpp", ".ipp": "cpp", ".ino": "cpp", ".go": "go", ".rs": "rust", ".cs": "csharp",
    ".kt": "kotlin", ".kts": "kotlin", ".swift": "swift", ".rb": "ruby", ".rake": "ruby", ".gemspec": "ruby",
    ".php": "php", ".phtml": "php", ".scala": "scala", ".sc": "scala", ".sql": "sql", ".sh": "shell",
    ".bash": "shell", ".zsh": "shell", ".ksh": "shell", ".html": "html", ".htm": "html", ".xhtml": "html",
    ".css": "css", ".scss": "scss", ".less": "less", ".vue": "vue", ".svelte": "svelte", ".dart": "dart",
    ".lua": "lua", ".r": "r", ".jl": "julia", ".ex": "elixir", ".exs": "elixir", ".erl": "erlang", ".hs": "haskell",
    ".clj": "clojure", ".pl": "perl", ".pm": "perl", ".groovy": "groovy", ".gradle": "groovy", ".proto": "protobuf",
    ".graphql": "graphql", ".tf": "terraform", ".ps1": "powershell", ".ipynb": "notebook", ".md": "markdown",
    ".markdown": "markdown", ".rst": "rst", ".txt": "text", ".toml": "toml", ".yaml": "yaml", ".yml": "yaml",
    ".ini": "ini", ".cfg": "ini",
}  # fmt: skip
NAMES = {
    "dockerfile": "dockerfile", "containerfile": "dockerfile", "makefile": "make", "gnumakefile": "make",
    "gemfile": "ruby", "rakefile": "ruby", "podfile": "ruby", "jenkinsfile": "groovy",
}  # fmt: skip
INTERPRETERS = {
    "python": "python", "node": "javascript", "deno": "typescript", "ts-node": "typescript", "ruby": "ruby",
    "php": "php", "sh": "shell", "bash": "shell", "dash": "shell", "zsh": "shell", "ksh": "shell", "ash": "shell",
    "perl": "perl", "lua": "lua", "scala": "scala", "kotlin": "kotlin", "swift": "swift", "groovy": "groovy",
    "rscript": "r", "julia": "julia", "elixir": "elixir",
}  # fmt: skip
PROSE = frozenset({"markdown", "rst", "text"})

# Postgres reads this pattern as Python does; so no flags and no look-around.
NOT_OWN = re.compile(
    r"(^|/)(node_modules|bower_components|jspm_packages|vendor|vendored|third_party|third-party|_vendor|Godeps|Pods"
    r"|Carthage|dist|build|\.venv|venv|site-packages|__pycache__|\.yarn|\.next|\.nuxt|\.gradle|\.dart_tool)/"
    r"|(^|/)(gradle/wrapper/.*|gradlew|mvnw)$|(^|/)wwwroot/lib/"
    r"|\.min\.(js|css)$|[.-](bundle|chunk)\.js$"
    r"|(^|/)(jquery|bootstrap|modernizr|font-?awesome)([.-][\w.-]*)?\.(js|css|scss)$"
    r"|(^|/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|Pipfile\.lock|pdm\.lock"
    r"|Cargo\.lock|go\.sum|uv\.lock|composer\.lock|Gemfile\.lock|Podfile\.lock|Package\.resolved|pubspec\.lock)$"
    r"|_pb2(_grpc)?\.pyi?$|_pb\.(js|d\.ts|rb)$|\.pb\.(go|h|cc|swift)$|\.pb\.gw\.go$|(^|/)zz_generated\.[^/]*\.go$"
    r"|\.(designer|generated|g|freezed)\.\w+$|(^|/)migrations/\d{4}_\w+\.py$"
)
VENDORED = re.compile(
    r"(^|/)(node_modules|vendor|vendored|third_party|_vendor|\.venv|venv|site-packages)/"
)

_shebang = re.compile(rb"#!\s*(?:\S*/)?([\w.+-]+)(?:[ \t]+(.*))?")


def find_language(path: str) -> str | None:
    """Language of a path by its ending or name; None when it is no text that we know."""
    name = PurePosixPath(path).name.lower()
    return NAMES.get(name) or LANGUAGES.get(PurePosixPath(name).suffix)


def may_be_script(path: str) -> bool:
    """Whether the first line must tell the language: the name has no ending and says nothing."""
    return find_language(path) is None and not PurePosixPath(path).suffix


def find_script_language(data: bytes) -> str | None:
    """Language of a script by the interpreter that its first line names."""
    found = _shebang.match(data[:200].split(b"\n", 1)[0])
    if found is None:
        return None
    name = found[1]
    if name == b"env":  # options and variables of env stand before the interpreter
        words = [w for w in (found[2] or b"").split() if not w.startswith(b"-") and b"=" not in w]
        name = words[0].rsplit(b"/", 1)[-1] if words else b""
    return INTERPRETERS.get(re.sub(r"[\d.]+$", "", name.decode("latin-1")).lower())


def is_generated_or_vendored(path: str) -> bool:
    """Whether a path is by its name vendored, generated or a lock file."""
    return NOT_OWN.search(path) is not None


def is_vendored(path: str) -> bool:
    """Whether a path lies in a folder of other people's code."""
    return VENDORED.search(path) is not None


def is_generated(path: str) -> bool:
    """Whether a path is by its name a machine's work, a lock file among it, and not vendored."""
    return is_generated_or_vendored(path) and not is_vendored(path)
