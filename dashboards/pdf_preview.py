"""Pictures of a PDF's pages, made of the very bytes that are downloaded."""

import tempfile
from io import BytesIO
from pathlib import Path

import typst
from pypdf import PdfReader

PIXELS_PER_INCH = 144.0
SHEET = """
#set page(width: auto, height: auto, margin: 0pt, fill: white)
#image("document.pdf", page: int(sys.inputs.page))
"""


def render_pages(pdf: bytes) -> list[bytes]:
    """One PNG for each page."""
    page_count = len(PdfReader(BytesIO(pdf)).pages)
    with tempfile.TemporaryDirectory(prefix="internflow-preview-") as folder:
        sheet = Path(folder, "sheet.typ")
        sheet.write_text(SHEET, encoding="utf-8")
        Path(folder, "document.pdf").write_bytes(pdf)
        return [
            typst.compile(
                str(sheet),
                root=folder,
                format="png",
                ppi=PIXELS_PER_INCH,
                sys_inputs={"page": str(n)},
            )
            for n in range(1, page_count + 1)
        ]
