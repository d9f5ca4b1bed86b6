"""A page walked through by the Tab key: what is reached is in sight, is seen to be reached, and is large enough.

WCAG 2.2: 2.4.7 focus visible, 2.4.11 focus not obscured, 2.5.8 target size (24 by 24 px, or space around).
"""

from typing import Any

from tests.journeys.visitors import Visitor, most_tab_stops

look = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const box = one.getBoundingClientRect();
  const has = (element, property) => element && getComputedStyle(element)[property] !== "none";
  const line = one.closest(".envelope") ?? (one.matches(".words") ? document.querySelector(".toolbar") : null);
  const isMarked = has(one, "outlineStyle") || has(line, "boxShadow");
  const points = [0.03, 0.25, 0.5, 0.75, 0.97].flatMap((x) => [0.03, 0.25, 0.5, 0.75, 0.97].map((y) =>
    [box.left + x * box.width, box.top + y * box.height]));
  const isSeen = points.some(([x, y]) => {
    const top = document.elementFromPoint(x, y);
    return top && (one.contains(top) || top.closest("label")?.control === one);
  });
  const target = one.labels?.[0]?.contains(one) ? one.labels[0].getBoundingClientRect() : box;
  // What stands in a sentence may be as low as its line.
  const isInSentence = one.matches("p :is(a, .button--link)") && getComputedStyle(one).display.startsWith("inline");
  const isLarge = isInSentence || target.width >= 24 && target.height >= 24;
  const wrong = [isSeen || "covered", isMarked || "not marked", isLarge || "small"].filter((word) => word !== true);
  return {what: one.outerHTML.slice(0, 120), at: [box.left, box.top, box.width].join(), wrong};
}"""


def faults(visitor: Visitor) -> list[str]:
    """Walk from where focus is until it comes round, and back to where it was; what is wrong on the way."""
    start = visitor.page.evaluate_handle("document.activeElement")
    found: list[str] = []
    known: set[str] = set()
    for _ in range(most_tab_stops):
        visitor.page.keyboard.press("Tab")
        stop: dict[str, Any] | None = visitor.page.evaluate(look)
        if stop is None or stop["what"] + stop["at"] in known:
            break
        known.add(stop["what"] + stop["at"])
        found += [f"{wrong}: {stop['what']}" for wrong in stop["wrong"]]
    start.evaluate("one => one.focus({preventScroll: true})")
    return found
