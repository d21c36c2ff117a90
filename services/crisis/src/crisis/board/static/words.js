// Words, numbers and times in the reader's language, from the messages the page came with.
// The same rules as rows.py and formats.py; Latin digits, 24 hours, Turkish time.

const ZONE = "Europe/Istanbul";

/** @typedef {string | Record<string, string>} Message one text, or one per plural category */

export class Words {
  /** @param {{intl: string, messages: Record<string, Message>, items: Record<string, string>,
   *           provinces: Record<string, string>, names: Record<string, string>}} start */
  constructor(start) {
    this.start = start;
    this.plural = new Intl.PluralRules(start.intl);
    this.decimal = new Intl.NumberFormat(start.intl, { maximumFractionDigits: 3 });
    this.tenth = new Intl.NumberFormat(start.intl, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    this.day = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE });
    this.hours = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "2-digit", minute: "2-digit" });
    this.utc = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", hour: "2-digit", minute: "2-digit" });
    this.seconds = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, timeStyle: "medium" });
    this.date = new Intl.DateTimeFormat(start.intl, { timeZone: ZONE, day: "numeric", month: "short" });
    this.dated = new Intl.DateTimeFormat(start.intl, { timeZone: ZONE, day: "numeric", month: "short", year: "numeric" });
  }

  /** A sentence; `n` chooses the plural.
   * @param {string} key @param {Record<string, string | number>} [values] @returns {string} */
  text(key, values = {}) {
    const message = this.start.messages[key];
    if (message === undefined) throw new Error(`no message ${key}`);
    const chosen = typeof message === "string" ? message : message[this.plural.select(Number(values.n))] ?? message.other;
    return chosen.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  }

  /** @param {string} key */
  has(key) {
    return this.start.messages[key] !== undefined;
  }

  /** @param {string | number} value decimal text */
  number(value) {
    return this.decimal.format(Number(value));
  }

  /** "+200" or "−13,5".
   * @param {number} value */
  difference(value) {
    return (value > 0 ? "+" : "−") + this.decimal.format(Math.abs(value));
  }

  /** @param {number} moment ms */
  clock(moment) {
    return this.hours.format(moment);
  }

  /** Today, tomorrow and yesterday by name, other days by date, with the year unless it is the present one.
   * @param {number} moment ms @param {number} now ms */
  when(moment, now) {
    const [day, today] = [this.day.format(moment), this.day.format(now)];
    const days = Math.round((Date.parse(day) - Date.parse(today)) / 86_400_000);
    const near = { 0: "time.today", 1: "time.tomorrow", "-1": "time.yesterday" }[days];
    const clock = this.clock(moment);
    if (near) return this.text(near, { clock });
    const date = day.slice(0, 4) === today.slice(0, 4) ? this.date : this.dated;
    return `${date.format(moment)} ${clock}`;
  }

  /** How long ago, in the largest unit that is at least one.
   * @param {number} past ms */
  age(past) {
    const seconds = Math.max(0, Math.floor(past / 1000));
    if (seconds >= 86_400) return this.text("age.days", { n: Math.floor(seconds / 86_400) });
    if (seconds >= 3600) return this.text("age.hours", { n: Math.floor(seconds / 3600) });
    if (seconds >= 60) return this.text("age.minutes", { n: Math.floor(seconds / 60) });
    return this.text("age.seconds", { n: seconds });
  }

  /** @param {string} pcode province or district */
  province(pcode) {
    return this.start.provinces[pcode.slice(0, 6)] ?? pcode;
  }

  /** @param {string} code */
  item(code) {
    return this.start.items[code] ?? code;
  }

  /** @param {string} code */
  unit(code) {
    return this.has(`unit.${code}`) ? this.text(`unit.${code}`) : code;
  }

  /** @param {string} id */
  organisation(id) {
    return this.start.names[id] ?? this.text("org.unknown", { id: id.slice(-6) });
  }
}
