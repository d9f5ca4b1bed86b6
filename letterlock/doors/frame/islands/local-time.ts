/** `<local-time>` says its instant in the browser's zone, unless the person has chosen one in the preferences. */

import { spoken, zoneName, type Style } from "./times";

const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Whether the page was written in another zone than the browser's, and may be put right. */
function differs(): boolean {
  const { zone, zoneSource } = document.body.dataset;
  return zoneSource !== "preference" && zone !== undefined && zone !== browserZone;
}

class LocalTime extends HTMLElement {
  connectedCallback(): void {
    const time = this.querySelector("time");
    if (!time || !differs()) return;
    const style = (this.dataset["style"] ?? "full") as Style;
    time.textContent = spoken(new Date(time.dateTime), style, browserZone, new Date());
  }
}

class ZoneName extends HTMLElement {
  connectedCallback(): void {
    if (differs()) this.textContent = zoneName(browserZone);
  }
}

// The next page is then written in this zone from the start. It is no secret and no identity.
if (document.body.dataset["zoneSource"] !== "preference") {
  document.cookie = `letterlock-zone=${browserZone}; Path=/; SameSite=Lax; Max-Age=31536000; Secure`;
}
customElements.define("local-time", LocalTime);
customElements.define("zone-name", ZoneName);
