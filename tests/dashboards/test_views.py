from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from internflow.settings import ROOT, Settings
from internflow.students.current import write_current_student
from tests.dashboards.seeding import ADA

VIEWS = sorted((ROOT / "dashboards" / "views").glob("[a-z]*.py"))


def open_view(view: Path) -> AppTest:
    app = AppTest.from_file(ROOT / "dashboards" / "app.py", default_timeout=30).run()
    if view.stem != "listings":
        app.switch_page(f"views/{view.name}").run()
    assert not app.exception
    return app


def read_text(app: AppTest) -> str:
    """All words of a page, HTML included."""
    elements = [
        *app.markdown,
        *app.html,
        *app.title,
        *app.header,
        *app.subheader,
        *app.caption,
        *app.text,
    ]
    return "\n".join(str(element.value) for element in [*elements, *app.code, *app.error])


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.stem)
@pytest.mark.parametrize("student_id", [ADA, None], ids=["student", "nobody"])
def test_view_renders_with_demo_data(pages: Settings, view: Path, student_id: str | None) -> None:
    if student_id:
        write_current_student(pages, student_id)
    assert not open_view(view).error
