"""The entry point of the pages: `streamlit run dashboards/app.py` from the root of the project."""

from pathlib import Path

import streamlit as st

from dashboards.loading import load_student_name
from dashboards.state import note_page, prepare_process, read_student_id
from dashboards.widgets import escape_markdown, page_border

FOLDER = Path(__file__).parent

# A named icon would be fetched from another host by each visitor's browser.
st.set_page_config(page_title="InternFlow", page_icon=FOLDER / "icon.svg", layout="wide")
prepare_process()
st.logo(FOLDER / "icon.svg")
page = st.navigation(
    [
        st.Page("views/listings.py", title="Listings", url_path="listings", default=True),
        st.Page("views/boards.py", title="Boards", url_path="boards"),
        st.Page("views/reviews.py", title="Reviews", url_path="reviews"),
        st.Page("views/ask.py", title="Ask", url_path="ask"),
        st.Page("views/resume.py", title="Resume", url_path="resume"),
    ],
    position="top",
)
st.html(FOLDER / "styles.css")
with page_border(page.title):
    note_page(page.title)
    name = load_student_name(read_student_id())
    page.run()
    if name:
        st.caption(f"For {escape_markdown(name)}, on this machine alone.")
