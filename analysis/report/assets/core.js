"use strict";
/* State of the page and small helpers. The state lives in the address: #section&theme=dark&arm=full&at=12 */

const byId = (id) => document.getElementById(id);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const words = JSON.parse(byId("words").textContent);
const messages = JSON.parse(byId("messages")?.textContent || "{}");
const decimalMark = document.documentElement.dataset.decimal || ".";
const KEPT = ["theme", "arm", "show", "at", "whatif"];
const page = { specs: null, printing: false, shown: {}, state: readState(), redraw: async () => {} };

for (const [key, figure] of Object.entries(words)) {
  page.shown[key] = figure.start;
}

function readState() {
  const state = { section: "", theme: "", arm: "", show: "", at: "", whatif: "" };
  for (const part of location.hash.slice(1).split("&")) {
    const at = part.indexOf("=");
    if (at < 0) state.section = part;
    else if (KEPT.includes(part.slice(0, at))) {
      try {
        state[part.slice(0, at)] = decodeURIComponent(part.slice(at + 1));
      } catch {
        /* a broken escape in the address: ignored */
      }
    }
  }
  if (!["dark", "light"].includes(state.theme)) state.theme = "";
  return state;
}

function writeState() {
  const parts = page.state.section ? [page.state.section] : [];
  for (const key of KEPT) {
    if (page.state[key]) parts.push(`${key}=${encodeURIComponent(page.state[key])}`);
  }
  history.replaceState(null, "", parts.length ? `#${parts.join("&")}` : location.pathname);
}

function themeName() {
  if (page.printing) return "light";
  if (page.state.theme) return page.state.theme;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/* A text in the language of the page, its {places} filled; English where none is at hand. */
function tell(message, places = {}) {
  return (messages[message] || message).replace(/\{(\w+)\}/g, (whole, name) =>
    name in places ? places[name] : whole,
  );
}

function say(text) {
  byId("status").textContent = text;
}

function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

function save(name, content, type) {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const address = URL.createObjectURL(blob);
  const anchor = element("a", { href: address, download: name });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
