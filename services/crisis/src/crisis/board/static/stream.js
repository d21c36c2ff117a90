// Keeps one position in the board's changes: by event stream, by long polling where proxies hold streams back.
// A change that does not continue the position asks for a snapshot; nothing is ever guessed.

const HELLO_WITHIN = 10_000;
const POLL_AGAIN_AFTER = 300_000;
const LONGEST_PAUSE = 30_000;
const RESYNC_SPREAD = 3_000;

/** @typedef {{changed: (change: any) => void, ticked: (tick: any) => void, said: (beat: number, time: string) => void,
 *             stopped: (said: {stops: any[]}) => void,
 *             snapshot: () => Promise<{epoch: string, as_of: number}>, lost: () => void}} Handlers */

export class Stream {
  /** @param {{stream: string, changes: string, scope: string, epoch: string, asOf: number}} start @param {Handlers} on */
  constructor(start, on) {
    this.start = start;
    this.on = on;
    this.epoch = start.epoch;
    this.seq = start.asOf;
    this.failures = 0;
    this.silent = 0;
    this.source = null;
    this.timer = 0;
    this.helloTimer = 0;
    this.polling = 0;
    this.resyncing = null;
  }

  /** Open, or open again, from where this page stands. */
  open() {
    this.close();
    if (performance.now() < this.polling) return void this.poll();
    const source = new EventSource(`${this.start.stream}?${this.position()}`);
    this.source = source;
    const listen = (name, handle) =>
      source.addEventListener(name, (event) => {
        if (this.source === source) handle(JSON.parse(event.data));
      });
    listen("hello", (data) => this.hello(data));
    listen("change", (data) => this.change(data));
    listen("tick", (data) => this.tick(data));
    listen("stops", (data) => this.on.stopped(data));
    listen("reset", () => void this.resync(Math.random() * RESYNC_SPREAD));
    listen("bye", (data) => this.bye(data));
    source.onerror = () => {
      if (this.source !== source) return;
      this.on.lost();
      // Closed for good: the answer was not 200. Anything else the browser repeats by itself.
      if (source.readyState === EventSource.CLOSED) this.later();
    };
    this.helloTimer = setTimeout(() => this.unheard(), HELLO_WITHIN);
  }

  close() {
    clearTimeout(this.timer);
    clearTimeout(this.helloTimer);
    this.source?.close();
    this.source = null;
  }

  position() {
    return new URLSearchParams({ epoch: this.epoch, after: String(this.seq), scope: this.start.scope });
  }

  hello(data) {
    clearTimeout(this.helloTimer);
    this.failures = 0;
    this.silent = 0;
    this.on.said(data.beat_ms, data.server_time);
  }

  change(data) {
    if (data.from > this.seq) return void this.resync(Math.random() * RESYNC_SPREAD);
    if (data.to <= this.seq) return undefined;
    this.seq = data.to;
    return this.on.changed(data);
  }

  tick(data) {
    this.seq = Math.max(this.seq, data.head);
    this.on.ticked(data);
  }

  bye(data) {
    this.close();
    if (data.reason === "revoked") location.reload();
    else this.timer = setTimeout(() => this.open(), data.after_ms);
  }

  /** Fetch a snapshot, stand where it stands, open again.
   * @param {number} delay ms */
  resync(delay) {
    this.close();
    this.resyncing ??= this.fetchSnapshot(delay).finally(() => {
      this.resyncing = null;
    });
    return this.resyncing;
  }

  async fetchSnapshot(delay) {
    await new Promise((resolve) => setTimeout(resolve, delay));
    try {
      this.take(await this.on.snapshot());
      this.open();
    } catch {
      this.on.lost();
      this.later(() => this.resync(0));
    }
  }

  /** Stand where a snapshot stands. */
  take(snapshot) {
    this.epoch = snapshot.epoch;
    this.seq = snapshot.as_of;
  }

  /** Try again after a random pause that grows to half a minute. */
  later(again = () => this.open()) {
    this.close();
    this.failures += 1;
    const pause = Math.min(LONGEST_PAUSE, 1_000 * 2 ** this.failures);
    this.timer = setTimeout(again, 200 + Math.random() * pause);
  }

  /** No hello in time: something between holds the stream back. Twice: ask in turns instead. */
  unheard() {
    this.on.lost();
    this.silent += 1;
    if (this.silent >= 2) this.polling = performance.now() + POLL_AGAIN_AFTER;
    this.open();
  }

  async poll() {
    const turn = {};
    this.source = { close: () => {}, turn };
    const isCurrent = () => this.source?.turn === turn;
    while (isCurrent() && performance.now() < this.polling) {
      try {
        const response = await fetch(`${this.start.changes}?${this.position()}`, { cache: "no-store" });
        if (!response.ok) throw new Error(String(response.status));
        const data = await response.json();
        if (!isCurrent()) return;
        this.failures = 0;
        if (data.reset !== null) return void this.resync(Math.random() * RESYNC_SPREAD);
        this.on.said(30_000, data.tick.server_time);
        if (data.change !== null) this.change(data.change);
        if (data.stops) this.on.stopped(data);
        this.tick(data.tick);
      } catch {
        if (isCurrent()) this.on.lost();
        return void this.later();
      }
    }
    if (isCurrent()) this.open();
  }
}
