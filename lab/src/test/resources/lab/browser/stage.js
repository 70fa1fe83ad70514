// Loaded into the result page by lab.browser.Stage: has the page's own script show any standing, and finds what of its
// text cannot be read.

/// The standing as the server would send it.
function standingOf(labels, counts, trouble, more) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const options = labels.map((label, i) => {
    const share = total === 0 ? 0 : Math.round((1000 * counts[i]) / total) / 10;
    return { key: String.fromCharCode(97 + i), label, votes: counts[i], share };
  });
  const title = document.querySelector("h1").textContent;
  const rest = { title, total, others: 0, stored: total, stored_at: new Date().toISOString(), waiting: 1234567 };
  return { options, ...rest, worker: true, database: true, trouble, version: "", ...more };
}

/// As if the page had been made with these labels.
function relabel(labels) {
  document.querySelectorAll("#standing h2").forEach((heading, i) => (heading.textContent = labels[i]));
  const title = labels.length < 5 ? labels.join(" vs ") : labels.slice(0, 3).join(" vs ") + " and more";
  const heading = document.querySelector("h1");
  heading.textContent = title;
  heading.classList.toggle("long", title.length > 60);
}

function shown(labels, counts, trouble, more) {
  relabel(labels);
  window.show(standingOf(labels, counts, trouble, more));
}

/// Each line of text that is seen: where it is, and whose it is.
function lines() {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (text === "" || !parent.checkVisibility() || parent.closest(".unseen, noscript")) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    for (const { left, right, top, bottom, width, height } of range.getClientRects()) {
      if (width === 0) continue;
      // a line's box is as high as its font's highest and lowest marks together, and the next one may reach into that
      const slack = 0.14 * height;
      found.push({ parent, text, left, right, top: top + slack, bottom: bottom - slack });
    }
  }
  return found;
}

const meet = (a, b) =>
  a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5;

const name = line => (line.parent.id || line.parent.className || line.parent.localName) + ' "' + line.text.slice(0, 30) + '"';

/// What cuts off whatever of an element sticks out.
function clippers(element) {
  const found = [];
  for (let box = element; box !== document.documentElement; box = box.parentElement) {
    const style = getComputedStyle(box);
    if (style.overflow !== "visible" || style.clipPath !== "none") found.push(box);
  }
  return found;
}

/// What is wrong with the page as it is now.
function problems() {
  const found = [];
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth) found.push("the page is wider than its window: " + root.scrollWidth);
  const texts = lines();
  const bars = document.querySelectorAll(".bars .share");
  const boxes = [...bars].map(bar => bar.getBoundingClientRect());
  const cut = new Map();
  texts.forEach((line, i) => {
    if (!cut.has(line.parent)) cut.set(line.parent, clippers(line.parent));
    if (line.left < -0.5 || line.right > innerWidth + 0.5) found.push(name(line) + " leaves the page at a side");
    if (line.top + scrollY < 0 || line.bottom + scrollY > root.scrollHeight) found.push(name(line) + " leaves the page");
    for (const box of cut.get(line.parent)) {
      const edge = box.getBoundingClientRect();
      if (line.left < edge.left - 0.5 || line.right > edge.right + 0.5 || line.top < edge.top - 0.5 || line.bottom > edge.bottom + 0.5)
        found.push(name(line) + " is clipped");
    }
    for (let j = i + 1; j < texts.length; j++)
      if (texts[j].parent !== line.parent && meet(line, texts[j])) found.push(name(line) + " lies on " + name(texts[j]));
    for (const box of boxes) if (box.width > 0 && meet(line, box)) found.push(name(line) + " lies on a bar");
    const plate = line.parent.closest(".split li > div")?.getBoundingClientRect();
    if (plate && (line.left < plate.left || line.right > plate.right || line.top < plate.top || line.bottom > plate.bottom))
      found.push(name(line) + " leaves its plate");
    const middle = [(line.left + line.right) / 2, (line.top + line.bottom) / 2];
    if (line.top > 0 && line.bottom < innerHeight && !line.parent.contains(document.elementFromPoint(...middle)))
      found.push(name(line) + " is covered");
  });
  const numbers = document.querySelectorAll(".percent");
  for (const number of numbers) {
    const range = document.createRange();
    range.selectNodeContents(number);
    if (range.getClientRects().length > 1) found.push("the number " + number.textContent + " is broken in two");
  }
  return found;
}

/// What is wrong with any of these: each labels with each counts, with trouble and without, at each size of text.
function problemsOfAll(labelSets, countSets, zooms) {
  const found = [];
  for (const zoom of zooms) {
    document.documentElement.style.fontSize = zoom;
    for (const [kind, labels] of Object.entries(labelSets))
      for (const counts of countSets)
        for (const trouble of ["", "No worker is heard of. What waits in the queue is counted when one is back."]) {
          shown(labels, counts, trouble);
          for (const problem of new Set(problems()))
            found.push([kind, counts.slice(0, 3), "text " + zoom, trouble && "with trouble", problem].join(" | "));
        }
  }
  document.documentElement.style.fontSize = "";
  return found.slice(0, 20);
}

/// The smallest text that is seen, in percent of the window's height, and whose it is.
function smallest() {
  const sizes = lines().map(line => [(100 * parseFloat(getComputedStyle(line.parent).fontSize)) / innerHeight, name(line)]);
  return sizes.sort((a, b) => a[0] - b[0])[0];
}

/// How many percent of the field the first of two options has when it has 0, 1, 2 … 100 of the votes.
function fields() {
  return [...Array(101).keys()].map(percent => {
    shown(["Cats", "Dogs"], [percent, 100 - percent], "");
    const [whole, first] = [".split", ".split .share"].map(box => document.querySelector(box).getBoundingClientRect());
    return (100 * first.width) / whole.width;
  });
}
