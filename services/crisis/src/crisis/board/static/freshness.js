// How old is what this screen shows? Measured through the whole pipeline, with the server's time carried forward
// by the monotonic clock; the device's own date is never asked.

const DELAYED_AFTER = 5_000;
const SAVING_DELAYED_AFTER = 20_000;
const STALE_AFTER = 60_000;
const MISSED_BEATS = 2.5;

export class Freshness {
  /** @param {{serverTime: string, freshAt: string | null}} start */
  constructor(start) {
    this.beat = 2_000;
    this.freshAt = start.freshAt === null ? null : Date.parse(start.freshAt);
    this.isChecking = false;
    this.hasTicked = false;
    this.sync(start.serverTime);
  }

  /** Take over the server's clock; called for every message that carries it.
   * @param {string} serverTime */
  sync(serverTime) {
    this.offset = Date.parse(serverTime) - performance.now();
    this.heardAt = performance.now();
  }

  /** @param {{fresh_at: string | null, server_time: string}} tick */
  tick(tick) {
    this.sync(tick.server_time);
    this.freshAt = tick.fresh_at === null ? null : Date.parse(tick.fresh_at);
    this.isChecking = false;
    this.hasTicked = true;
  }

  /** The stream is open from where this page stands: what it shows is as fresh as it says.
   * @param {number} beat ms @param {string} serverTime */
  opened(beat, serverTime) {
    this.beat = beat;
    this.sync(serverTime);
    this.isChecking = false;
    this.hasTicked = true;
  }

  /** Server time, ms. */
  now() {
    return performance.now() + this.offset;
  }

  /** Age of the data, ms; null before the first measure. */
  age() {
    return this.freshAt === null ? null : Math.max(0, this.now() - this.freshAt);
  }

  /** Nothing was heard for longer than two beats and a half. */
  isSilent() {
    return performance.now() - this.heardAt > this.beat * MISSED_BEATS;
  }

  /** @returns {"page" | "checking" | "live" | "delayed" | "reconnecting" | "stale" | "unknown"} */
  state() {
    const age = this.age();
    if (age !== null && age > STALE_AFTER) return "stale";
    if (this.isChecking) return "checking";
    if (this.isSilent()) return "reconnecting";
    if (!this.hasTicked) return "page";
    if (age === null) return "unknown";
    return age <= (this.beat > 5_000 ? SAVING_DELAYED_AFTER : DELAYED_AFTER) ? "live" : "delayed";
  }

  /** The badge in words.
   * @param {import("./words.js").Words} words */
  words(words) {
    const age = this.age();
    const state = this.state();
    if (state === "checking") return words.text("live.checking");
    if (age === null) return words.text("live.unknown");
    const shown = age < 9_950 ? words.tenth.format(age / 1000) : words.number(Math.round(age / 1000));
    const moment = state === "reconnecting" ? words.seconds.format(this.freshAt) : words.clock(this.freshAt);
    return words.text(`live.${state}`, { age: words.text("live.seconds", { n: shown }), time: moment });
  }
}
