"""What a page should do."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page

from .contrast import check_contrast
from .looking import Look

Complaints = list[str]


def check_page(browser: Browser, path: Path, look: Look, picture: Path | None) -> Complaints:
    """Opens the page offline and uses it as a reader would."""
    context = browser.new_context(
        viewport={"width": look.width, "height": 900},
        color_scheme=look.scheme,
        offline=True,
        java_script_enabled=look.scripts,
    )
    page = context.new_page()
    complaints: Complaints = []
    page.on("console", lambda message: complaints.append(f"the console says: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"a script failed: {error}"))
    page.on(
        "request",
        lambda request: (
            complaints.append(f"asks for {request.url}") if not request.url.startswith("file:") else None
        ),
    )
    page.goto(path.as_uri())
    if picture is not None:
        page.screenshot(path=picture)
    complaints += check_standing(page)
    if look.scripts:
        complaints += check_layout(page)
        complaints += check_contrast(page)
        complaints += check_filter(page)
        complaints += check_sorting(page)
        complaints += check_links(page)
        complaints += check_print(page)
    context.close()
    return complaints


def check_standing(page: Page) -> Complaints:
    """What is there with scripts or without: the verdict first, all cases, flagged ones unfolded."""
    complaints: Complaints = []
    if not page.locator("h1").inner_text().startswith("Parity: "):
        complaints.append("the page does not begin with its verdict")
    rows = page.locator("#cases tbody tr").count()
    sections = page.locator("section.case").count()
    if rows == 0 or rows != sections:
        complaints.append(f"{rows} rows lead to {sections} cases")
    flagged = page.locator("section.case:has(h2 .v:not(.v-match))")
    if page.locator("section.case:has(h2 .v:not(.v-match)) > details[open]").count() != flagged.count():
        complaints.append("a flagged case is folded")
    unnamed = page.locator("svg[role=img]:not(:has(title))").count()
    if unnamed:
        complaints.append(f"{unnamed} pictures have no name")
    if flagged.count() and page.locator("#todo").count() != 1:
        complaints.append("nothing says what to do")
    return complaints


def check_layout(page: Page) -> Complaints:
    """Nothing makes the page itself scroll sideways."""
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    width, room = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = false)")
    return [f"the page is {width} wide in a window of {room}"] if width > room else []


def check_filter(page: Page) -> Complaints:
    """Text and verdicts leave the cases that have them, and their sections."""
    complaints: Complaints = []
    rows = page.locator("#cases tbody tr")
    name = rows.last.locator("a").inner_text()
    page.locator("#search").fill(name)
    shown = [row.inner_text() for row in rows.all() if row.is_visible()]
    if not shown or not all(name in text for text in shown):
        complaints.append(f"a filter for {name} shows {len(shown)} rows")
    if page.locator("section.case:visible").count() != len(shown):
        complaints.append("the cases shown are not those of the table")
    if "cases shown" not in page.locator("#shown").inner_text() and len(shown) < rows.count():
        complaints.append("nothing says that cases are hidden")
    page.locator("#search").fill("")
    box = page.locator(".filter input[type=checkbox]").first
    verdict = box.get_attribute("value")
    box.uncheck()
    if any(row.is_visible() for row in rows.all() if row.locator("td").first.inner_text() == verdict):
        complaints.append(f"{verdict} is shown though it is not asked for")
    box.check()
    if not all(row.is_visible() for row in rows.all()):
        complaints.append("a filter that is taken back leaves cases hidden")
    return complaints


def check_sorting(page: Page) -> Complaints:
    """A column sorts by its numbers, from the keyboard too, and says so."""
    complaints: Complaints = []
    column = page.locator("#cases thead th").filter(has_text="r/ρ")
    index = column.evaluate("cell => cell.cellIndex")

    def figures() -> list[float]:
        texts = page.locator(f"#cases tbody tr td:nth-child({index + 1})").all_inner_texts()
        return [float(text.replace("∞", "inf").replace("–", "-inf")) for text in texts]

    column.locator("button").focus()
    page.keyboard.press("Enter")
    if column.get_attribute("aria-sort") != "descending" or figures() != sorted(figures(), reverse=True):
        complaints.append("r/ρ is not sorted, the largest first")
    page.keyboard.press("Enter")
    if column.get_attribute("aria-sort") != "ascending" or figures() != sorted(figures()):
        complaints.append("r/ρ is not sorted the other way")
    return complaints


def check_links(page: Page) -> Complaints:
    """A row leads to its case and unfolds it."""
    link = page.locator("#cases tbody tr a").first
    target = link.get_attribute("href")
    link.click()
    if not page.locator(f"{target} > details[open]").count():
        return [f"{target} is still folded"]
    return []


def check_print(page: Page) -> Complaints:
    """On paper everything is unfolded."""
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    folded = page.locator("details:not([open])").count()
    return [f"{folded} parts are not printed"] if folded else []
