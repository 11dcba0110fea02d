"""What a reader of Markdown makes of the summary."""

from __future__ import annotations

from markdown_it import MarkdownIt


def check_markdown(text: str) -> list[str]:
    """Complaints: one table, no HTML, no link, and nothing cut off."""
    tokens = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(text)
    flat = [part for token in tokens for part in [token, *(token.children or [])]]
    complaints = []
    if sum(token.type == "table_open" for token in flat) != 1:
        complaints.append("the Markdown has not one table")
    for kind in ("html_block", "html_inline", "link_open", "image"):
        if any(token.type == kind for token in flat):
            complaints.append(f"the Markdown has {kind}")
    if len(text.encode()) > 1 << 20:
        complaints.append("the Markdown is longer than a mebibyte")
    return complaints
