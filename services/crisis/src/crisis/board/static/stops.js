// The stop cards: what nobody should send now. The stream always says all of them, so that the page shows
// exactly those, whatever it missed.

/** @typedef {{what: string, where: string, until: string, depot: string | null}} Card */

export class Stops {
  /** @param {import("./words.js").Words} words */
  constructor(words) {
    this.words = words;
    this.box = document.getElementById("stops");
    this.language = document.documentElement.lang;
  }

  /** Cards that say what they said stay in place, so that nothing is read out twice.
   * @param {Array<{words: Record<string, Card>}>} stops */
  show(stops) {
    const lines = stops.map((stop) => this.card(stop.words[this.language]));
    const said = (line) => line.textContent.replace(/\s+/g, " ").trim();
    const before = Array.from(this.box.children, said);
    if (before.length === lines.length && lines.every((line, place) => said(line) === before[place])) return;
    this.box.replaceChildren(...lines);
  }

  /** @param {Card} card */
  card({ what, where, until, depot }) {
    const line = document.createElement("p");
    const order = document.createElement("strong");
    line.className = "banner stop";
    line.setAttribute("role", "note");
    order.textContent = this.words.text("stop.do_not_send");
    line.append(order, " ", this.words.text("stop.banner", { what, where, until }));
    if (depot !== null) line.append(" ", this.words.text("stop.depot", { place: depot }));
    return line;
  }
}
