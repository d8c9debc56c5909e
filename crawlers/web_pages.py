"""Web pages to select from, without those that are built to take forever. Pure."""

from parsel import Selector

from crawlers.parsing import refuse_answer
from crawlers.platform import Page
from internflow.errors import ContractViolation
from internflow.listings.text import clean_json

DEEPEST = 200  # elements within elements; pages that people made have some forty
CONTROLS = bytes(
    {*range(32), 127} - {*b"\t\n\r"}
)  # lxml reads them, and then takes none of them back
_too_deep = "/*" * (DEEPEST + 1)


def select_page(page: Page) -> Selector:
    """A web page, to select from. Raises ContractViolation for what is none, and for one that is nested too deep."""
    if b"<" not in page.body[:2000]:
        raise refuse_answer(page, "a web page")
    text = clean_json(page.body.translate(None, CONTROLS).decode("utf-8", "replace"))
    selector = Selector(text=text, type="html")
    if selector.xpath(f"boolean({_too_deep})").get() == "1":
        raise ContractViolation(
            "The page", page.ask.url, f"its elements are nested more than {DEEPEST} deep."
        )
    return selector
