"""Boards of invented jobs for the crawl's benchmark, alike in every run: files that the replay server serves."""

import json
import random
from pathlib import Path

TECHNOLOGIES = (
    "Python", "Java", "TypeScript", "React", "Kubernetes", "PostgreSQL", "Terraform", "Kafka", "PyTorch", "AWS",
    "Docker", "Go", "Rust", "Spark",
)  # fmt: skip
WORDS = (
    "we", "build", "systems", "that", "people", "rely", "on", "every", "day", "and", "you", "will", "work", "with",
    "engineers", "who", "care", "about", "clear", "code", "tests", "careful", "reviews", "customers", "data",
    "services", "teams", "products", "learning", "ownership", "design", "delivery", "quality", "growth", "impact",
)  # fmt: skip
PLACES = (
    "Bengaluru, Karnataka, India",
    "Remote - India",
    "Berlin, Germany",
    "New York, NY",
    "Pune, India",
)
TITLES = (
    "Software Engineering Intern",
    "Data Engineer",
    "Machine Learning Intern",
    "Backend Engineer",
    "Designer",
)


def write_boards(folder: Path, boards: int, postings: int) -> None:
    """Write `boards` boards of Greenhouse's shape with `postings` jobs each, about 4 kB of description a job."""
    (folder / "greenhouse").mkdir(parents=True)
    for number in range(boards):
        chosen = random.Random(number)
        jobs = [_write_job(chosen, number * postings + n) for n in range(postings)]
        content = json.dumps({"jobs": jobs, "meta": {"total": postings}})
        (folder / "greenhouse" / f"board{number}.json").write_text(content)


def _write_job(chosen: random.Random, number: int) -> dict[str, object]:
    paragraphs = [" ".join(chosen.choices(WORDS, k=90)) for _ in range(6)]
    items = "".join(f"<li>Experience with {t}</li>" for t in chosen.sample(TECHNOLOGIES, 5))
    content = "".join(f"<p>{p}.</p>" for p in paragraphs) + f"<ul>{items}</ul>"
    return {
        "id": number,
        "title": f"{chosen.choice(TITLES)} {number}",
        "absolute_url": f"https://job-boards.greenhouse.io/board/jobs/{number}",
        "location": {"name": chosen.choice(PLACES)},
        "content": content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
        "first_published": f"2026-{1 + number % 10:02}-{1 + number % 28:02}T10:00:00+00:00",
        "updated_at": "2026-11-20T10:00:00+00:00",
    }
