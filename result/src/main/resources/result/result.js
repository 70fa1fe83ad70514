// Keeps the page right: asks for the standing, and again as soon as it is another one.

const PACE_MS = 100; // between two updates: the eye wants no more than ten a second
const PATIENCE_MS = 35_000; // the server answers within 25 s, news or none
const CROWDED_MS = 1000; // before asking again a server that could not hold the request so long
const LONGEST_RETRY_MS = 2000;
const SPEAK_MS = 5000;
const STALE = "The database cannot be reached. This is how the vote stood before.";

const element = id => document.getElementById(id);
const list = element("standing");
const split = list.classList.contains("split");
const format = new Intl.NumberFormat("en").format;
const sleep = ms => new Promise(done => setTimeout(done, ms));

let standing = null; // what is shown
const pace = new Array(180).fill(0); // votes stored in each of the last seconds that somebody looked, oldest first
let stored = null; // how many there were when we last looked, if that was just now and they were known
let clockAhead = 0; // milliseconds by which the server's clock is ahead of ours
let sentence = ""; // the standing in words
let said = ""; // what a screen reader said last, or need not say because the page was opened with it
let saidAt = 0;

// A page that nobody sees does not ask: a browser has only six connections to a server, for all its tabs together.
let asking = new AbortController();
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return asking.abort();
  pace.fill(0);
  stored = null;
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
      live(true);
      const crowded = standing.version === version && Date.now() - asked < 20_000;
      version = standing.version;
      retryMs = 125;
      await sleep(crowded ? CROWDED_MS : PACE_MS);
    } catch {
      version = "";
      stored = null; // what came meanwhile did not come in one second
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
}

function show(next) {
  if (next.options.map(option => option.label).join("\n") !== labels()) return reload();
  // a server that has just been started and finds no database knows less than this page does
  if (!next.database && next.total === 0 && standing) next = { ...standing, ...state(next), trouble: STALE };
  standing = next;
  const nobody = next.total + next.others === 0;
  element("nobody").hidden = !nobody || !next.database;
  list.hidden = nobody;
  const most = Math.max(...next.options.map(option => option.votes), 1);
  next.options.forEach((option, i) => {
    const item = list.children[i];
    item.querySelector(".percent").textContent = percent(option);
    item.querySelector(".votes").textContent = votes(option.votes);
    const share = item.querySelector(".share");
    share.setAttribute("width", split ? option.share * 100 : (100 * option.votes) / most + "%");
    if (split) share.setAttribute("height", option.share * 100);
  });
  setText("total", format(next.total));
  setText("waiting", next.waiting === null ? "unknown" : format(next.waiting));
  showAge();
  if (stored !== null) pace[pace.length - 1] += Math.max(0, next.stored - stored);
  stored = next.database ? next.stored : null;
  const shares = next.options.map(option => option.label + " " + percent(option));
  sentence = nobody ? "Nobody has voted yet." : shares.join(", ") + ". " + votes(next.total) + ".";
  if (said === "") said = sentence;
}

// The options are others now. While replicas change one after another, the next answer may have the old ones again.
function reload() {
  setTimeout(() => location.reload(), 1000 * (1 + Math.random()));
  return new Promise(() => {}); // asks for nothing more
}

const state = ({ version, database, worker, waiting }) => ({ version, database, worker, waiting });
const labels = () => [...list.querySelectorAll("h2")].map(heading => heading.textContent).join("\n");
const percent = option => option.share.toFixed(1) + "%";
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
  drawPace();
  pace.push(0);
  pace.shift();
  if (sentence !== said && Date.now() - saidAt >= SPEAK_MS) {
    element("spoken").textContent = sentence;
    said = sentence;
    saidAt = Date.now();
  }
}

function showAge() {
  setText("stored-at", standing.stored_at === null ? "never" : ago(standing.stored_at));
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
