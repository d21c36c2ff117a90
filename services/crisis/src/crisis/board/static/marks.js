// "+200, 12 s ago" on cells that changed, for ten seconds, without motion and without moving the row.

const SHOWN = 10_000;

export class Marks {
  /** @param {import("./words.js").Words} words */
  constructor(words) {
    this.words = words;
    /** @type {Map<HTMLElement, {at: number, difference: number, pill: HTMLElement, ago: HTMLElement}>} */
    this.marks = new Map();
  }

  /** Mark cells; a cell that is marked already adds up.
   * @param {{cell: HTMLElement, difference: number}[]} changed @param {number} now ms */
  show(changed, now) {
    for (const { cell, difference } of changed) {
      const known = this.marks.get(cell);
      const sum = Math.round((difference + (known?.difference ?? 0)) * 1000) / 1000;
      if (sum === 0) {
        this.drop(cell);
        continue;
      }
      const pill = known?.pill ?? document.createElement("span");
      const ago = known?.ago ?? document.createElement("span");
      pill.className = "difference";
      ago.className = "hidden";
      pill.replaceChildren(this.words.difference(sum), ago);
      if (!known) cell.append(pill);
      cell.classList.add("changed-cell");
      this.marks.set(cell, { at: now, difference: sum, pill, ago });
    }
    this.age(now);
  }

  /** Say how long ago, and take away what is older than ten seconds.
   * @param {number} now ms */
  age(now) {
    for (const [cell, mark] of this.marks) {
      if (now - mark.at > SHOWN || !cell.isConnected) this.drop(cell);
      else mark.ago.textContent = `, ${this.words.age(now - mark.at)}`;
    }
  }

  drop(cell) {
    this.marks.get(cell)?.pill.remove();
    cell.classList.remove("changed-cell");
    this.marks.delete(cell);
  }
}
