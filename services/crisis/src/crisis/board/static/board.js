// Keeps the board page current. The page is complete without this; nothing here invents a number.

import { Freshness } from "./freshness.js";
import { Marks } from "./marks.js";
import { fill, priority } from "./rows.js";
import { Stops } from "./stops.js";
import { Stream } from "./stream.js";
import { Words } from "./words.js";

const APPLY_AFTER = 15_000;
const ANNOUNCE_EVERY = 10_000;
const STRIP = 5;
const ASK_AGAIN = 30_000;
const ASK_PAUSE = 2_000;

const start = JSON.parse(document.getElementById("start").textContent);
const words = new Words(start);
const freshness = new Freshness(start);
const marks = new Marks(words);
const stops = new Stops(words);
const byId = (id) => document.getElementById(id);
const rows = byId("rows");
const blank = byId("row").content.querySelector("tr");

let etag = null;
let waiting = new Set();
let touchedAt = -APPLY_AFTER;
let announced = { at: -ANNOUNCE_EVERY, lines: new Set(), state: "page" };
const asked = new Map(); // organisation → when its name was asked for
let isAsking = false;

// What the stream says.

const stream = new Stream(start, {
  said(beat, time) {
    freshness.opened(beat, time);
    document.body.dataset.stream = "open";
    paint();
  },
  ticked(tick) {
    freshness.tick(tick);
    document.body.dataset.asOf = String(stream.seq);
    paint();
  },
  changed(change) {
    for (const card of change.cards) apply(card);
    count(change.totals);
    for (const [pcode, gaps] of Object.entries(change.provinces)) tile(pcode, gaps);
    strip(change);
    document.body.dataset.asOf = String(change.to);
    queue();
  },
  stopped: (said) => stops.show(said.stops),
  lost() {
    document.body.dataset.stream = "lost";
    paint();
  },
  snapshot: () => snapshot(),
});

/** Fetch the rows of this page and put them in place. */
async function snapshot() {
  const headers = etag === null ? {} : { "If-None-Match": etag };
  const response = await fetch(start.snapshot + start.query, { headers, cache: "no-store" });
  if (response.status === 401 || response.status === 403) location.reload();
  if (response.status === 304) return { epoch: stream.epoch, as_of: stream.seq };
  if (!response.ok) throw new Error(String(response.status));
  const page = await response.json();
  freshness.sync(page.server_time);
  freshness.freshAt = page.fresh_at === null ? null : Date.parse(page.fresh_at);
  if (rows === null || page.cards.length === 0) {
    if ((rows === null) !== (page.cards.length === 0)) location.reload();
    return page;
  }
  place(page.cards);
  count(page.totals);
  for (const link of document.querySelectorAll(".tile")) {
    if (link.dataset.p in page.provinces) tile(link.dataset.p, page.provinces[link.dataset.p]);
  }
  byId("found").textContent = words.text("filter.result", { n: page.found, shown: words.number(page.found) });
  waiting = new Set();
  etag = response.headers.get("ETag");
  document.body.dataset.asOf = String(page.as_of);
  document.body.dataset.epoch = page.epoch;
  queue();
  return page;
}

// Rows.

function place(cards) {
  const now = freshness.now();
  const ordered = cards.map((card) => {
    const row = byId(`l-${card.line}`) ?? fresh();
    learn([card.asker]);
    marks.show(fill(row, card, words, now), now);
    return row;
  });
  rows.replaceChildren(...ordered);
}

function fresh() {
  const row = blank.cloneNode(true);
  for (const cell of row.querySelectorAll("[data-v]")) delete cell.dataset.v;
  return row;
}

/** One changed card: known rows change in place, everything else waits to be sorted in. */
function apply(card) {
  const now = freshness.now();
  const row = byId(`l-${card.line}`);
  if (row === null) {
    if (isWanted(card, now)) waiting.add(card.line);
    return;
  }
  if (Number(row.dataset.seq) > card.sequence) return;
  learn([card.asker]);
  marks.show(fill(row, card, words, now), now);
  announced.lines.add(card.line);
  if (!isInOrder(row)) waiting.add(card.line);
  else waiting.delete(card.line);
}

function isInOrder(row) {
  const here = Number(row.dataset.p);
  const before = row.previousElementSibling;
  const after = row.nextElementSibling;
  return !(before && Number(before.dataset.p) < here) && !(after && Number(after.dataset.p) > here);
}

/** Whether an unknown card may belong on this page: it passes the plain filters and is not sorted behind it. */
function isWanted(card, now) {
  if (start.filter.item && card.item !== start.filter.item) return false;
  if (start.filter.urgency && card.urgency !== start.filter.urgency) return false;
  if (!start.isFull || rows === null) return true;
  return priority(card, now) > Number(rows.lastElementChild?.dataset.p ?? 0);
}

/** Ask for the names of organisations that were not on the page, and write them where an id stands. */
function learn(ids) {
  const unknown = ids.filter((id) => id && !(id in start.names) && performance.now() - (asked.get(id) ?? -ASK_AGAIN) >= ASK_AGAIN);
  if (isAsking || unknown.length === 0) return;
  isAsking = true;
  for (const id of unknown) asked.set(id, performance.now());
  fetch(`${start.snapshot}/names`, { cache: "no-store" })
    .then((response) => (response.ok ? response.json() : {}))
    .then((names) => {
      Object.assign(start.names, names);
      for (const who of document.querySelectorAll("[data-org]")) who.textContent = words.organisation(who.dataset.org);
    })
    .catch(() => {})
    .finally(() => setTimeout(askAgain, ASK_PAUSE));
}

/** Organisations that came up while a question was out are asked for next. */
function askAgain() {
  isAsking = false;
  learn(Array.from(document.querySelectorAll("[data-org]"), (who) => who.dataset.org));
}

// Around the rows.

function count(totals) {
  for (const figure of document.querySelectorAll("[data-counter]")) {
    figure.textContent = words.number(totals[figure.dataset.counter]);
    figure.parentElement.classList.toggle("none", totals[figure.dataset.counter] === 0);
  }
  const partial = byId("partial");
  partial.hidden = totals.parked === 0;
  partial.textContent = totals.parked === 0 ? "" : words.text("partial.banner", { n: totals.parked });
  document.title = document.title.replace(/\d[\d.,]*/, words.number(totals.critical));
}

function tile(pcode, gaps) {
  const link = document.querySelector(`.tile[data-p="${pcode}"]`);
  if (link === null) return;
  if (link.classList.contains("none")) shortName(link, pcode);
  const step = [1, 4, 10].filter((least) => gaps >= least).length;
  link.classList.remove("t0", "t1", "t2", "t3", "none");
  link.classList.add(`t${step}`);
  link.querySelector(".gaps").textContent = String(gaps);
  const parts = link.getAttribute("aria-label").split(", ").slice(0, 2);
  link.setAttribute("aria-label", [...parts, `${words.text("counter.gaps")} ${words.number(gaps)}`].join(", "));
}

/** A province that had no line until now: its short name takes the place of "31 –". */
function shortName(link, pcode) {
  const code = link.querySelector(".code");
  const gaps = code.cloneNode();
  const y = Number(code.getAttribute("y"));
  code.textContent = words.province(pcode).slice(0, 3).toLocaleUpperCase("tr");
  code.setAttribute("y", String(y - 8));
  gaps.setAttribute("class", "gaps");
  gaps.setAttribute("y", String(y + 7));
  link.append(gaps);
}

function strip(change) {
  const list = byId("strip");
  const cards = new Map(change.cards.map((card) => [card.line, card]));
  learn(change.what.map((what) => what.org));
  for (const what of change.what.slice(-STRIP)) {
    const card = cards.get(what.line);
    if (!card) continue;
    const line = document.createElement("li");
    const add = (tag, kind, text) => {
      const part = document.createElement(tag);
      if (kind) part.className = kind;
      part.textContent = text;
      line.append(part, " ");
      return part;
    };
    add("time", "", words.clock(Date.parse(what.at)));
    if (what.org) add("bdi", "who", words.organisation(what.org)).dataset.org = what.org;
    add("span", "", words.text(words.has(`what.${what.type}`) ? `what.${what.type}` : "what.other"));
    if (what.qty) add("bdi", "amount", `${words.number(what.qty)} ${words.unit(card.unit)}`);
    add("bdi", "where", `${words.province(card.place)}, ${words.item(card.item)}`);
    list.prepend(line);
  }
  list.querySelector(".none")?.remove();
  while (list.children.length > STRIP) list.lastElementChild.remove();
}

// Sorting waits for the reader.

const button = byId("updates");
button.addEventListener("click", () => void stream.resync(0));

function queue() {
  button.hidden = waiting.size === 0;
  if (waiting.size > 0) button.textContent = words.text("live.updates", { n: waiting.size });
}

for (const kind of ["pointermove", "pointerdown", "keydown", "wheel", "touchstart", "focusin"]) {
  addEventListener(kind, () => (touchedAt = performance.now()), { passive: true });
}

// The badge, the clock, one polite voice.

function paint() {
  const state = freshness.state();
  const badge = byId("freshness");
  const said = freshness.words(words);
  badge.dataset.state = state;
  document.body.dataset.freshness = state;
  if (badge.lastElementChild.textContent !== said) badge.lastElementChild.textContent = said;
  const now = freshness.now();
  byId("clock").textContent = words.text("page.time", { local: words.clock(now), utc: words.utc.format(now) });
}

function announce() {
  const state = freshness.state();
  const now = performance.now();
  if (state !== announced.state && words.has(`live.state_${state}`)) {
    if (announced.state !== "page" || state !== "live") byId("announce").textContent = words.text(`live.state_${state}`);
    announced = { at: now, lines: new Set(), state };
  } else if (announced.lines.size > 0 && now - announced.at >= ANNOUNCE_EVERY) {
    const critical = document.querySelector('[data-counter="critical"]').textContent;
    byId("announce").textContent = words.text("live.applied", { n: announced.lines.size, critical });
    announced = { at: now, lines: new Set(), state };
  }
}

setInterval(() => {
  paint();
  announce();
  marks.age(freshness.now());
  if (freshness.isSilent() && stream.source?.readyState === EventSource.OPEN) stream.later();
  if (waiting.size > 0 && performance.now() - touchedAt > APPLY_AFTER && stream.resyncing === null) {
    touchedAt = performance.now();
    void stream.resync(Math.random() * 3_000);
  }
}, 1_000);

// Devices sleep, networks change: look again before saying anything.

function wake() {
  if (document.visibilityState === "hidden") return;
  freshness.isChecking = true;
  paint();
  stream.open();
}

const map = document.querySelector(".map");
if (matchMedia("(max-width: 760px)").matches) map.open = false;
map.addEventListener("toggle", () => map.querySelector(".area")?.scrollIntoView({ block: "nearest", inline: "center" }));

document.addEventListener("visibilitychange", wake);
addEventListener("pageshow", (event) => event.persisted && wake());
addEventListener("online", wake);
addEventListener("pagehide", () => stream.close());
stream.open();
