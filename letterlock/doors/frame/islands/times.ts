/** Instants in the words of a page; `doors/frame/times.py` says the same on the server. Change both. */

export type Style = "row" | "full" | "near" | "told" | "exact" | "day";

interface Parts {
  year: string;
  month: string;
  longMonth: string;
  day: string;
  weekday: string;
  clock: string;
  seconds: string;
}

/** `instant` in `zone`, as near to `now` as the style asks. */
export function spoken(instant: Date, style: Style, zone: string, now: Date): string {
  const then = partsOf(instant, zone);
  if (style === "exact") return `${then.day} ${then.month} ${then.year}, ${then.seconds}`;
  if (style === "day") return `${then.weekday} ${dateOf(then, then.month, now, zone)}, ${then.clock}`;
  return near(then, style, nearness(instant, now, zone), (month) => dateOf(then, month, now, zone));
}

function near(then: Parts, style: Style, day: string, date: (month: string) => string): string {
  if (style === "full") return `${day || date(then.month)}, ${then.clock}`;
  if (style === "told") return `${day.toLowerCase() || `on ${date(then.longMonth)}`} at ${then.clock}`;
  if (day === "Today") return then.clock;
  return style === "near" ? `${day.toLowerCase() || date(then.month)}, ${then.clock}` : day || date(then.month);
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

function dateOf(then: Parts, month: string, now: Date, zone: string): string {
  const date = `${then.day} ${month}`;
  return then.year === partsOf(now, zone).year ? date : `${date} ${then.year}`;
}

function dayOf(instant: Date, zone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(instant);
}

function partsOf(instant: Date, zone: string): Parts {
  const found: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone, weekday: "short", day: "numeric", month: "long", year: "numeric",
    hour: "numeric", minute: "2-digit", second: "2-digit", hour12: true,
  });
  for (const part of format.formatToParts(instant)) found[part.type] = part.value;
  const { year = "", month = "", day = "", weekday = "", hour = "", minute = "", second = "", dayPeriod = "" } = found;
  const half = dayPeriod.toLowerCase();
  return {
    year, month: month.slice(0, 3), longMonth: month, day, weekday,
    clock: `${hour}:${minute} ${half}`, seconds: `${hour}:${minute}:${second} ${half}`,
  };
}
