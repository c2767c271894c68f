/* The clock of the page: one quarter at a time moves every map, strip, lane and list. */

const view = { at: 0, playing: 0, data: null };

async function unpack() {
  const bytes = Uint8Array.from(atob(byId("data").textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  view.data = JSON.parse(await new Response(stream).text());
}

const dateOf = (at) =>
  tell("{year}, quarter {quarter}", {
    year: view.data.start + Math.floor(at / 4),
    quarter: (at % 4) + 1,
  });
const last = () => view.data.points - 1;

function listActs() {
  view.data.histories.forEach((one, number) => {
    const list = byId(`acts-${number}`);
    const items = one.acts.map(([, , grave, text]) =>
      element("li", { className: grave ? "grave" : "", textContent: text }),
    );
    list.replaceChildren(...items);
    one.items = items;
    one.list = list;
    one.article = list.closest("article");
    one.links = all("[data-link]", one.article);
    one.now = all("[data-now]", one.article);
    one.cursors = all(".cursor", one.article);
  });
}

function move(at, quiet = false) {
  view.at = Math.min(Math.max(at, 0), last());
  const date = dateOf(view.at);
  byId("time").value = view.at;
  byId("time").setAttribute("aria-valuetext", date);
  byId("date").textContent = date;
  view.data.histories.forEach((one, number) => draw(one, number));
  byId("forth").disabled = view.at === last();
  byId("back").disabled = view.at === 0;
  if (!quiet) {
    page.state.at = String(view.at);
    if (!view.playing) writeState();
  }
}

function draw(one, number) {
  const { local, states } = view.data;
  one.links.forEach((line, row) => {
    const rung = Number(one.dyads[row][view.at]);
    line.setAttribute("class", `link r${rung} c-${view.data.links[rung]}`);
    line.dataset.rung = rung;
  });
  for (const cursor of one.cursors) cursor.setAttribute("d", `M${view.at + 0.5} 0V1`);
  for (const cell of one.now) {
    const value = one[cell.dataset.now][Number(cell.dataset.row)];
    if (cell.dataset.now === "lanes") cell.textContent = laneNow(value[view.at]);
    else cell.textContent = (cell.dataset.now === "dyads" ? local : states)[Number(value[view.at])];
  }
  byId(`state-${number}`).textContent = stateNow(one);
  filter(one, number);
}

function laneNow([force, talks]) {
  if (talks) return tell("{force} in force, {talks} in talks", { force, talks });
  return tell("{force} in force", { force });
}

function stateNow(one) {
  const { local, states } = view.data;
  const rungs = one.dyads.map((row) => Number(row[view.at]));
  const above = rungs.filter((rung) => rung > 0).length;
  const high = Math.max(...rungs);
  const outer = Math.max(0, ...one.pairs.map((row) => Number(row[view.at])));
  const places = {
    date: dateOf(view.at), number: rungs.length, above, rung: local[high], state: states[outer],
  };
  return above
    ? tell("{date}: {above} of {number} pairs of towns above calm, the highest at “{rung}”; between states “{state}”.", places)
    : tell("{date}: all {number} pairs of towns calm; between states “{state}”.", places);
}

function filter(one, number) {
  const chosen = (name) => one.article.querySelector(`[data-filter=${name}]`).value;
  const kind = chosen("kind");
  const when = page.printing ? "whole" : chosen("when");
  let shown = 0;
  let first = null;
  one.acts.forEach(([at, own, grave], row) => {
    const item = one.items[row];
    const fits = kind === "all" || own === kind || (kind === "grave" && grave);
    const timely = when === "whole" || (when === "now" ? at === view.at : at <= view.at);
    item.hidden = !(fits && timely);
    item.classList.toggle("now", at === view.at);
    item.classList.toggle("later", at > view.at);
    if (item.hidden) return;
    shown += 1;
    if (!first && at >= view.at) first = item;
  });
  byId(`count-${number}`).textContent = shown
    ? tell("{shown} of {number}", { shown, number: one.acts.length })
    : tell("none fits");
  const box = one.list.parentElement;
  if (when === "whole") box.scrollTop = first ? first.offsetTop - 6 : box.scrollHeight;
  else box.scrollTop = when === "until" ? box.scrollHeight : 0;
}

function play(on) {
  clearInterval(view.playing);
  view.playing = 0;
  if (on) {
    if (view.at === last()) move(0);
    view.playing = setInterval(() => {
      if (view.at >= last()) play(false);
      else move(view.at + 1);
    }, 1000 / Number(byId("speed").value));
  } else if (page.state.at) writeState();
  byId("play").setAttribute("aria-pressed", String(on));
  byId("play").textContent = on ? tell("Pause") : tell("Play");
  if (!on) say("");
}

function step(by) {
  play(false);
  move(view.at + by);
}

function wireClock() {
  byId("time").addEventListener("input", (event) => {
    play(false);
    move(Number(event.target.value));
  });
  byId("time").addEventListener("keydown", (event) => {
    const year = { PageUp: 4, PageDown: -4 }[event.key];
    if (!year) return;
    event.preventDefault();
    step(year);
  });
  byId("back").addEventListener("click", () => step(-1));
  byId("forth").addEventListener("click", () => step(1));
  byId("play").addEventListener("click", () => play(!view.playing));
  byId("speed").addEventListener("change", () => view.playing && play(true));
  const keys = { ArrowLeft: () => step(-1), ArrowRight: () => step(1), Home: () => step(-view.at),
                 End: () => step(last()), " ": () => play(!view.playing) };
  document.addEventListener("keydown", (event) => {
    const busy = event.target.closest("button, input, select, summary, a, .scroll");
    if (busy || event.altKey || event.ctrlKey || event.metaKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  for (const strip of all(".strip")) {
    strip.addEventListener("click", (event) => {
      const box = strip.getBoundingClientRect();
      event.preventDefault();
      play(false);
      move(Math.floor(((event.clientX - box.left) / box.width) * view.data.points));
    });
  }
  for (const select of all("[data-filter]")) {
    const number = Number(select.dataset.of);
    select.addEventListener("change", () => filter(view.data.histories[number], number));
  }
}

function wirePrint() {
  for (const [name, on] of [["beforeprint", true], ["afterprint", false]]) {
    addEventListener(name, () => {
      page.printing = on;
      if (on) play(false);
      move(view.at, true);
    });
  }
}

function atOfAddress() {
  const at = Number(page.state.at);
  return Number.isInteger(at) ? at : 0;
}

(async () => {
  applyTheme();
  wireTools();
  await unpack();
  listActs();
  wireClock();
  wirePrint();
  move(atOfAddress(), true);
  addEventListener("hashchange", () => {
    page.state = readState();
    applyTheme();
    move(atOfAddress(), true);
  });
  document.documentElement.dataset.ready = "yes";
})();
