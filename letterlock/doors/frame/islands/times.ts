/** Instants in the words of a page; `doors/frame/times.py` says the same on the server. Change both. */

export type Style = "row" | "full" | "exact" | "day";

interface Parts {
  year: string;
  month: string;
  day: string;
  weekday: string;
  clock: string;
  seconds: string;
}

/** `instant` in `zone`, as near to `now` as the style asks. */
export function spoken(instant: Date, style: Style, zone: string, now: Date): string {
  const then = partsOf(instant, zone);
  if (style === "exact") return `${then.day} ${then.month} ${then.year}, ${then.seconds}`;
  if (style === "day") return `${then.weekday} ${dateOf(then, now, zone)}, ${then.clock}`;
  const near = nearness(instant, now, zone);
  if (style === "full") return `${near || dateOf(then, now, zone)}, ${then.clock}`;
  return near === "Today" ? then.clock : near || dateOf(then, now, zone);
}

/** The zone as people call it: "Central European Time". */
export function zoneName(zone: string): string {
  if (zone === "UTC") return zone;
  const parts = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longGeneric" }).formatToParts(new Date());
  return parts.find((part) => part.type === "timeZoneName")?.value ?? zone;
}

function nearness(instant: Date, now: Date, zone: string): "Today" | "Yesterday" | "" {
  const day = dayOf(instant, zone);
  if (day === dayOf(now, zone)) return "Today";
  // Noon of the day before, by the calendar: 24 hours less would miss on the days clocks change.
  const noon = new Date(`${dayOf(now, zone)}T12:00:00Z`);
  noon.setUTCDate(noon.getUTCDate() - 1);
  return day === noon.toISOString().slice(0, 10) ? "Yesterday" : "";
}

function dateOf(then: Parts, now: Date, zone: string): string {
  const date = `${then.day} ${then.month}`;
  return then.year === partsOf(now, zone).year ? date : `${date} ${then.year}`;
}

function dayOf(instant: Date, zone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(instant);
}

function partsOf(instant: Date, zone: string): Parts {
  const found: Record<string, string> = {};
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone, weekday: "short", day: "numeric", month: "short", year: "numeric",
    hour: "numeric", minute: "2-digit", second: "2-digit", hour12: true,
  });
  for (const part of format.formatToParts(instant)) found[part.type] = part.value;
  const half = found["dayPeriod"]?.toLowerCase() ?? "";
  const start = `${found["hour"] ?? ""}:${found["minute"] ?? ""}`;
  return {
    year: found["year"] ?? "", month: found["month"] ?? "", day: found["day"] ?? "", weekday: found["weekday"] ?? "",
    clock: `${start} ${half}`, seconds: `${start}:${found["second"] ?? ""} ${half}`,
  };
}
