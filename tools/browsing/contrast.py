"""Whether text stands out from what is behind it."""

from __future__ import annotations

from playwright.sync_api import Page

# WCAG 2.2, 1.4.3 (AA), for text of ordinary size.
_LEAST = 4.5

_COLOURS = """() => {
  const seen = new Map();
  const behind = element => {
    for (let node = element; node; node = node.parentElement) {
      const colour = getComputedStyle(node).backgroundColor;
      if (!colour.endsWith(', 0)')) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const texts = 'p, td, th, a, h1, h2, h3, .v, .dim, pre, label, svg text';
  for (const element of document.querySelectorAll(texts)) {
    const style = getComputedStyle(element);
    const colour = element instanceof SVGElement ? style.fill : style.color;
    seen.set(colour + '/' + behind(element), [colour, behind(element), element.className.toString()]);
  }
  return [...seen.values()];
}"""


def check_contrast(page: Page) -> list[str]:
    """Complaints about pairs of colours that WCAG finds too alike."""
    complaints = []
    for colour, behind, name in page.evaluate(_COLOURS):
        ratio = contrast(channels(colour), channels(behind))
        if ratio < _LEAST:
            complaints.append(f"{colour} on {behind} ({name}) has a contrast of {ratio:.1f}")
    return complaints


def channels(colour: str) -> tuple[float, float, float]:
    """Of `rgb(1, 2, 3)`, each from 0 to 1."""
    red, green, blue = colour[colour.index("(") + 1 : colour.index(")")].split(",")[:3]
    return float(red) / 255, float(green) / 255, float(blue) / 255


def contrast(a: tuple[float, float, float], b: tuple[float, float, float]) -> float:
    """WCAG's contrast ratio."""
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: tuple[float, float, float]) -> float:
    """WCAG's relative luminance of sRGB."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
