/** Says something to whoever looks or listens, without moving focus. */

export function announce(text: string, kind: "status" | "refusal" = "status"): void {
  if (kind === "status") {
    const region = document.getElementById("announcements");
    if (region) region.textContent = text;
    return;
  }
  const said = document.createElement("p");
  said.className = "refusal";
  said.textContent = text;
  document.getElementById("refusals")?.replaceChildren(said);
  window.setTimeout(() => { said.remove(); }, 8000);
}
