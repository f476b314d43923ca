"""The pages of docs/performance: what scripts write into them, between marks."""

import sys
from pathlib import Path

PERFORMANCE = Path(__file__).resolve().parent.parent / "docs/performance"
END = "<!-- end -->"


def fill(page, start, words):
    before, _, rest = page.read_text().partition(start)
    _, end, after = rest.partition(END)
    if not end:
        sys.exit(f"{page} has no place for {start}: the mark, and {END} after it")
    page.write_text(f"{before}{start}\n\n{words}{END}{after}")
