"""Passages of a small shop, for tests of what is written about them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Quoted:
    path: str
    start_line: int
    end_line: int
    symbol: str | None
    text: str
    language: str = "python"


TOTAL = Quoted(
    "shop/cart.py", 8, 12, "Cart.total",
    'def total(self, prices):\n    """Add 7 % tax, at most 1,500 in all."""\n    wait_for(retries=3)\n'
    "    return sum(prices)  # see os.path\n",
)  # fmt: skip
README = Quoted("README.md", 1, 2, None, "# Shop\nSells things as JSON.\n", "markdown")
