// One card in one table row. Whole states only: filling a row twice changes nothing.
// The same rules as rows.py and selection.py; a test compares both.

const FULL = 80;
const OVER = 16;
const WEIGHTS = { life_saving: 4, urgent: 2, normal: 1 };
const SHUT = new Set(["CLOSED", "DRAFT", "RETURNED", "SUBMITTED"]);
const FIGURES = ["needed", "proposed", "held", "moving", "delivered", "gap"];

/** @typedef {Record<string, any>} Card as the stream carries it: quantities are decimal text */

/** @param {Card} card */
export const isOpen = (card) => !SHUT.has(card.state);

/** @param {Card} card */
export function coverage(card) {
  if (!isOpen(card)) return "CLOSED";
  return card.state === "ON_HOLD" ? "ON_HOLD" : card.label;
}

/** @param {Card} card @param {string} name */
export function figure(card, name) {
  if (name !== "moving") return Number(card[name]);
  return Math.round((Number(card.in_transit) + Number(card.arrived)) * 1000) / 1000;
}

/** How early a row comes.
 * @param {Card} card @param {number} now ms */
export function priority(card, now) {
  const needed = Number(card.needed);
  if (needed <= 0 || !isOpen(card)) return 0;
  const waited = Math.max(0, now - Date.parse(card.opened_at)) / 3_600_000;
  return (WEIGHTS[card.urgency] ?? 1) * (Number(card.gap) / needed) * (1 + waited);
}

/** Lengths along a bar of 80.
 * @param {Card} card */
export function bar(card) {
  const needed = Number(card.needed);
  if (needed <= 0) return { delivered: 0, coming: 0, over: 0 };
  const delivered = ((Number(card.delivered) + Number(card.elsewhere)) / needed) * FULL;
  const coming = ((Number(card.held) + figure(card, "moving")) / needed) * FULL;
  const inside = Math.min(delivered, FULL);
  const tenth = (value) => Math.round(value * 10) / 10;
  return {
    delivered: tenth(inside),
    coming: tenth(Math.min(coming, FULL - inside)),
    over: tenth(Math.min(Math.max(delivered + coming - FULL, 0), OVER)),
  };
}

/** Write a card into a row; returns the cells whose figure changed, with the difference to what was shown.
 * @param {HTMLTableRowElement} row @param {Card} card @param {import("./words.js").Words} words @param {number} now ms
 * @returns {{cell: HTMLElement, difference: number}[]} */
export function fill(row, card, words, now) {
  const find = (selector) => /** @type {HTMLElement} */ (row.querySelector(selector));
  const wasParked = row.classList.contains("parked");
  row.id = `l-${card.line}`;
  row.dataset.seq = String(card.sequence);
  row.dataset.p = priority(card, now).toFixed(3);
  row.className = `u-${card.urgency}${card.stale ? " stale" : ""}${card.parked ? " parked" : ""}`;

  const place = find(".place");
  place.firstChild.textContent = `${words.province(card.place)} `;
  place.lastElementChild.textContent = card.place.length > 6 ? words.text("place.district", { code: card.place.slice(6) }) : "";
  find(".item").textContent = words.item(card.item);
  const chip = find(".chip");
  chip.className = `chip ${card.urgency}`;
  chip.textContent = words.text(`urgency.${card.urgency}`);

  const changed = FIGURES.flatMap((name) => fillFigure(find(`.${name}.n`), figure(card, name), card, words));
  fillCoverage(find("td.coverage"), card, words);

  const by = find(".by");
  const neededBy = Date.parse(card.needed_by);
  const isLate = neededBy < now && Number(card.gap) > 0 && isOpen(card);
  const moment = words.when(neededBy, now);
  by.textContent = isLate ? words.text("time.late", { moment }) : moment;
  by.classList.toggle("late", isLate);
  const asker = find(".asker");
  asker.textContent = words.organisation(card.asker);
  if (!(card.asker in words.start.names)) asker.dataset.org = card.asker;
  find(".verification").textContent = words.text(`verification.${card.verification}`);
  return wasParked ? [] : changed;
}

// The figure is the first text of its cell; a unit and a mark may follow.
function fillFigure(cell, value, card, words) {
  const before = cell.dataset.v === undefined ? value : Number(cell.dataset.v);
  cell.dataset.v = String(value);
  cell.classList.toggle("zero", value === 0);
  const small = cell.querySelector("small");
  cell.firstChild.textContent = (card.parked ? "…" : words.number(value)) + (small ? " " : "");
  if (small) small.textContent = words.unit(card.unit);
  return before === value || card.parked ? [] : [{ cell, difference: Math.round((value - before) * 1000) / 1000 }];
}

function fillCoverage(cell, card, words) {
  const word = coverage(card);
  const lengths = bar(card);
  const drawing = cell.querySelector(".bar");
  drawing.setAttribute("class", `bar c-${word}`);
  drawing.setAttribute(
    "aria-label",
    words.text("bar.label", {
      gap: words.number(card.gap),
      unit: words.unit(card.unit),
      coming: words.number(Number(card.held) + figure(card, "moving")),
      delivered: words.number(card.delivered),
    }),
  );
  drawing.querySelector(".solid").setAttribute("width", String(lengths.delivered));
  drawing.querySelector(".coming").setAttribute("x", String(lengths.delivered));
  drawing.querySelector(".coming").setAttribute("width", String(lengths.coming));
  drawing.querySelector(".over").setAttribute("width", String(lengths.over));
  const badge = cell.querySelector(".badge");
  badge.className = `badge c-${card.parked ? "parked" : word}`;
  badge.textContent = words.text(`coverage.${card.parked ? "parked" : word}`);
  cell.querySelector(".flag")?.remove();
  if (!card.stale) return;
  const flag = document.createElement("span");
  flag.className = "flag";
  flag.textContent = words.text("coverage.stale");
  cell.append(flag);
}
