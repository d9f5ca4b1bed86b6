"""What a screen reader says by itself: the title of a page that came, where focus went, what live regions said."""

from tests.journeys.visitors import Visitor

#: Words count from the moment somebody can listen; what a page brought along in a region is passed over, as in life.
listen = """(() => {
  if (window !== window.top) return;
  const live = "[role=status], [role=alert], [aria-live]";
  const regionOf = (node) => (node instanceof Element ? node : node.parentElement)?.closest(live);
  const manner = (region) => region.role === "alert" || region.ariaLive === "assertive" ? "at once" : "politely";
  const words = (text) => text.replace(/\\s+/g, " ").trim();
  const nameOf = (one) => words(one.ariaLabel ?? one.labels?.[0]?.textContent ?? one.innerText ?? "");
  const textOf = ({type, target, addedNodes}) =>
    type === "characterData" ? target.data : [...addedNodes].map((node) => node.textContent).join(" ");
  document.addEventListener("focusin", ({target}) => {
    window.heard("focus", `${target.role ?? target.tagName.toLowerCase()} ${nameOf(target)}`);
  });
  document.addEventListener("DOMContentLoaded", () => {
    window.heard("page", document.title);
    new MutationObserver((changes) => {
      for (const change of changes) {
        const region = regionOf(change.target);
        if (region && words(textOf(change))) window.heard(manner(region), words(textOf(change)));
      }
    }).observe(document.body, {subtree: true, childList: true, characterData: true});
  });
})()"""


class Ear:
    """What has been heard, in order, one line each."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def hear(self, manner: str, words: str) -> None:
        self.lines.append(f"{manner}: {words}")

    @property
    def transcript(self) -> str:
        return "".join(f"{line}\n" for line in self.lines)


def listen_to(visitor: Visitor) -> Ear:
    """From the next page on."""
    ear = Ear()
    visitor.page.expose_function("heard", ear.hear)
    visitor.page.add_init_script(listen)
    return ear
