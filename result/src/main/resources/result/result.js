// Keeps the page right: asks for the standing, and again as soon as it is another one.

const PACE_MS = 100; // between two updates: the eye wants no more than ten a second
const PATIENCE_MS = 30_000; // the server answers within 25 s, news or none
const CROWDED_MS = 1000; // before asking again a server that could not hold the request so long
const LONGEST_RETRY_MS = 2000;
const SPEAK_MS = 5000;
const COUNT_MS = 400; // for numbers to count up to where they are
// as the server says it, see Standing.trouble()
const STALE = "The database cannot be reached. This is how the vote stood before.";

const element = id => document.getElementById(id);
const list = element("standing");
const split = list.classList.contains("split");
const format = new Intl.NumberFormat("en").format;
const lessMotion = matchMedia("(prefers-reduced-motion: reduce)");
const sleep = ms => new Promise(done => setTimeout(done, ms));

let standing = null; // what is shown
const pace = new Array(180).fill(0); // votes stored in each of the last seconds that we know of, oldest first
let stored = null; // how many there were when we last looked, if that was just now and they were known
let frame; // the next one that counts
let room = 100; // the length of a queue that fills the strip
let clockAhead = 0; // milliseconds by which the server's clock is ahead of ours
let sentence = ""; // the standing in words
let said = ""; // what a screen reader said last, or need not say because the page was opened with it
let saidAt = 0;

// A page that nobody sees does not ask: a browser has only six connections to a server, for all its tabs together.
let asking = new AbortController();
document.addEventListener("visibilitychange", () => {
  stored = null; // what comes meanwhile does not come in one second
  if (!document.hidden) return;
  asking.abort();
  if (standing !== null) count(standing, standing);
});
const visible = () =>
  new Promise(done => {
    if (!document.hidden) done();
    else document.addEventListener("visibilitychange", () => done(), { once: true });
  });

async function get(address) {
  asking = new AbortController();
  const tooLong = setTimeout(() => asking.abort(), PATIENCE_MS);
  try {
    const response = await fetch(address, { cache: "no-store", signal: asking.signal });
    if (!response.ok) throw new Error(response.status);
    clockAhead = Date.parse(response.headers.get("Date")) - Date.now() || 0;
    return await response.json();
  } finally {
    clearTimeout(tooLong);
  }
}

async function follow() {
  let version = ""; // none: the next answer comes at once
  for (let retryMs = 125; ; ) {
    await visible();
    try {
      const asked = Date.now();
      await show(await get("results?after=" + version));
      const crowded = standing.version === version && Date.now() - asked < 20_000;
      version = standing.version;
      retryMs = 125;
      await sleep(crowded ? CROWDED_MS : PACE_MS);
    } catch {
      version = "";
      stored = null;
      if (document.hidden) continue;
      live(false);
      // thousands of pages that lost the same server should not come back in the same instant
      retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS);
      await sleep(retryMs * (0.5 + Math.random() / 2));
    }
  }
}

function live(yes) {
  element("live").hidden = yes && standing.trouble !== "";
  element("live").textContent = yes ? "Live" : "Reconnecting …";
  element("live").classList.toggle("lost", !yes);
  setText("trouble", yes ? standing.trouble : "This page cannot reach its server. It goes on trying.");
  if (!yes) setText("waiting", "unknown");
}

export function show(next) {
  if (next.title !== document.querySelector("h1").textContent) return reload();
  if (next.options.map(option => option.label).join("\n") !== labels()) return reload();
  // a server that has just been started and finds no database knows less than this page does
  if (!isKnown(next) && standing && standing.total + standing.others > 0) next = { ...standing, ...state(next), trouble: STALE };
  const before = standing ?? next;
  standing = next;
  const nobody = next.total + next.others === 0;
  element("nobody").hidden = !isEmpty(next);
  if (isEmpty(before) !== nobody) list.parentElement.classList.toggle("first", !nobody);
  list.hidden = nobody;
  const most = Math.max(...next.options.map(option => option.votes), 1);
  const tie = next.options.filter(option => option.votes === most).length > 1;
  next.options.forEach((option, i) => {
    const item = list.children[i];
    item.querySelector(".share").setAttribute("width", (split ? option.share : (100 * option.votes) / most) + "%");
    item.classList.toggle("leads", option.votes === most && !tie);
  });
  count(before, next);
  showQueue(next.waiting);
  showAge();
  live(true);
  if (stored !== null) pace[pace.length - 1] += Math.max(0, next.stored - stored);
  stored = next.waiting === null ? null : next.stored; // nobody knows while none of our workers stores
  const shares = next.options.map(option => option.label + " " + percent(option.share));
  sentence = nobody ? "No vote is counted yet." : shares.join(", ") + ". " + votes(next.total) + ".";
  if (said === "") said = sentence;
}

// Numbers run from one standing to the next. One that comes meanwhile ends the run: no number is late for longer.
function count(from, to) {
  const start = performance.now();
  const step = () => {
    const left = lessMotion.matches || document.hidden ? 0 : Math.max(0, 1 - (performance.now() - start) / COUNT_MS) ** 3;
    const whole = (before, after) => after - Math.trunc((after - before) * left);
    to.options.forEach((option, i) => {
      const item = list.children[i];
      const before = from.options[i];
      item.querySelector(".percent").textContent = percent(option.share - (option.share - before.share) * left);
      item.querySelector(".votes").textContent = votes(whole(before.votes, option.votes));
    });
    setText("total", isKnown(to) ? format(whole(from.total, to.total)) : "unknown");
    if (left > 0) frame = requestAnimationFrame(step);
  };
  cancelAnimationFrame(frame);
  step();
}

// The strip has room for a hundred, a thousand, or as many as it takes, until it is empty again.
function showQueue(waiting) {
  setText("waiting", waiting === null ? "unknown" : format(waiting));
  room = waiting > 0 ? Math.max(room, 10 ** Math.ceil(Math.log10(waiting))) : 100;
  const unknown = waiting === null && standing.trouble !== "";
  element("backlog").classList.toggle("unknown", unknown);
  element("backlog").setAttribute("width", (unknown ? 100 : (100 * waiting) / room) + "%");
}

// The question or the options are others now. While replicas change one after another, the next answer may have the old
// ones again.
function reload() {
  setTimeout(() => location.reload(), 1000 * (1 + Math.random()));
  return new Promise(() => {}); // asks for nothing more
}

const state = ({ version, database, worker, waiting }) => ({ version, database, worker, waiting });
const labels = () => [...list.querySelectorAll("h2")].map(heading => heading.textContent).join("\n");
const isKnown = ({ database, total }) => database || total > 0;
const isEmpty = ({ database, total, others }) => database && total + others === 0;
const percent = share => share.toFixed(1) + "%";
const votes = count => format(count) + (count === 1 ? " vote" : " votes");

// Leaves a text alone that is right: screen readers say every change of some of them.
function setText(id, text) {
  if (element(id).textContent !== text) element(id).textContent = text;
}

function ago(instant) {
  const seconds = Math.max(0, Math.round((Date.now() + clockAhead - Date.parse(instant)) / 1000));
  if (seconds < 2) return "just now";
  if (seconds < 60) return seconds + " s ago";
  if (seconds < 3600) return Math.floor(seconds / 60) + " min ago";
  if (seconds < 86_400) return Math.floor(seconds / 3600) + " h ago";
  return Math.floor(seconds / 86_400) + " d ago";
}

function everySecond() {
  if (standing === null) return;
  showAge();
  if (stored !== null) {
    drawPace();
    pace.push(0);
    pace.shift();
  }
  if (sentence !== said && Date.now() - saidAt >= SPEAK_MS) {
    element("spoken").textContent = sentence;
    said = sentence;
    saidAt = Date.now();
  }
}

function showAge() {
  const never = isEmpty(standing) ? "never" : "unknown";
  setText("stored-at", standing.stored_at === null ? never : ago(standing.stored_at));
}

function drawPace() {
  const figure = element("pace");
  const peak = Math.max(...pace, 1);
  const points = pace.map((count, i) => i + " " + (39 - (37 * count) / peak).toFixed(1)).join("L");
  figure.hidden = false;
  figure.querySelector(".line").setAttribute("d", "M" + points);
  figure.querySelector(".area").setAttribute("d", "M0 40L" + points + "L179 40Z");
  setText("pace-now", format(pace.at(-1)) + " now, at most " + format(Math.max(...pace)) + " lately");
}

setInterval(everySecond, 1000);
follow();
