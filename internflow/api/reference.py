"""The API's reference as one page of plain HTML, made of its OpenAPI document.

The usual documentation pages load scripts from elsewhere; this one works offline and runs none.
"""

from html import escape
from typing import Any

STYLE = """
:root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5; }
body { max-width: 56rem; margin: 2rem auto; padding: 0 1rem; }
h2 { font-family: ui-monospace, monospace; font-size: 1.1rem; margin: 2rem 0 0.2rem; }
table { border-collapse: collapse; width: 100%; }
td { padding: 0.3rem 1rem 0.3rem 0; vertical-align: top; border-top: 1px solid #8884; }
td:first-child { white-space: nowrap; }
"""


def render_reference(document: dict[str, Any]) -> str:
    """`document` is the OpenAPI document; each operation becomes a heading, a text and a table."""
    operations = "".join(
        _render_operation(method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    )
    title = escape(f"{document['info']['title']} {document['info']['version']}")
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
        f"<h1>{title}</h1><p>{escape(document['info']['description'])}</p>{operations}</html>"
    )


def _render_operation(method: str, path: str, operation: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(parameter['name'])}</code></td>"
        f"<td>{escape(_describe_schema(parameter['schema']))}</td>"
        f"<td>{escape(parameter.get('description', ''))}</td></tr>"
        for parameter in operation.get("parameters", [])
    )
    return (
        f"<h2>{escape(method.upper())} {escape(path)}</h2>"
        f"<p>{escape(operation.get('description', ''))}</p><table>{rows}</table>"
    )


def _describe_schema(schema: dict[str, Any]) -> str:
    """The choices, or the type and its limits; `many` where a parameter may come more than once."""
    if "anyOf" in schema:
        return " or ".join(_describe_schema(s) for s in schema["anyOf"] if s["type"] != "null")
    if schema.get("type") == "array":
        return f"many of: {_describe_schema(schema['items'])}"
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    limits = [f"{w} {schema[key]}" for key, w in LIMITS.items() if key in schema]
    default = [f"default {schema['default']}"] if schema.get("default") not in (None, "") else []
    return ", ".join([schema["type"], *limits, *default])


LIMITS = {
    "minimum": "from",
    "maximum": "to",
    "minLength": "at least characters:",
    "maxLength": "at most characters:",
}
