/* The page: views of figures, printing. */

function showWords(card) {
  const view = viewOf(card);
  card.querySelector(".title").textContent = view.title;
  card.querySelector(".subtitle").textContent = view.subtitle;
  card.querySelector(".narrow-note").textContent = view.narrow;
  card.querySelector(".plot").setAttribute("aria-label", view.alt);
  card.querySelector(".steps").replaceChildren(
    ...view.steps.map((step) => element("li", { textContent: step })),
  );
  card.querySelector(".legend").replaceChildren(
    ...view.legend.map(([token, label, mark]) =>
      element("li", {}, element("span", { className: `mark ${mark} c-${token}` }), label),
    ),
  );
  for (const button of all(".tabs button", card)) {
    button.setAttribute("aria-pressed", String(button.dataset.view === page.shown[card.dataset.figure]));
  }
  const select = card.querySelector("select");
  if (select) select.value = page.shown[card.dataset.figure];
  if (card.querySelector("details.table").open) fillTable(card);
}

async function show(card, view) {
  const key = card.dataset.figure;
  if (!(view in words[key].views)) return;
  page.shown[key] = view;
  showWords(card);
  showClock(card);
  await draw(card);
}

async function choose(card, view) {
  if (words[card.dataset.figure].state !== "arm") {
    await show(card, view);
    keepShown(card.dataset.figure, page.shown[card.dataset.figure]);
  } else {
    page.state.arm = view;
    writeState();
    for (const other of all(".figure")) {
      if (words[other.dataset.figure].state === "arm") await show(other, view);
    }
  }
  say(viewOf(card).title);
}

/* Views that were chosen, in the address: show=forest:violent_incidents,ladder:interstate */
function chosenViews() {
  try {
    return new Map(page.state.show.split(",").filter(Boolean)
      .map((part) => part.split(":").map(decodeURIComponent)));
  } catch {
    return new Map(); /* a broken escape in the address: ignored */
  }
}

function keepShown(key, view) {
  const chosen = chosenViews();
  if (view === words[key].start) chosen.delete(key);
  else chosen.set(key, view);
  page.state.show = [...chosen].map((pair) => pair.map(encodeURIComponent).join(":")).join(",");
  writeState();
}

function wireCard(card) {
  for (const button of all(".tabs button", card)) {
    button.addEventListener("click", () => choose(card, button.dataset.view));
  }
  card.querySelector("select")?.addEventListener("change", (event) => choose(card, event.target.value));
  wireClock(card);
  for (const button of all("[data-save]", card)) {
    button.addEventListener("click", () => saveAs(card, button.dataset.save));
  }
  card.querySelector("details.table").addEventListener("toggle", (event) => {
    const stale = card.dataset.table !== page.shown[card.dataset.figure];
    if (event.target.open && stale) fillTable(card);
  });
}

function wirePrinting() {
  addEventListener("beforeprint", () => {
    page.printing = true;
    all(".figure").forEach((card) => draw(card));
    if (whatif.ready) drawCurve();
  });
  addEventListener("afterprint", () => {
    page.printing = false;
    drawAll();
  });
}

function wireResize() {
  let waiting = 0;
  addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      for (const card of all(".figure")) {
        const plot = card.querySelector(".plot");
        if (plot.dataset.width !== String(Math.floor(plot.clientWidth))) draw(card);
      }
      if (whatif.ready) drawCurve();
    }, 120);
  });
}

/* Words of every view; the first view of each figure stands in the page already. */
async function readViews() {
  for (const [key, views] of Object.entries(JSON.parse(await unpack("views")))) {
    words[key].views = views;
  }
}

function restoreViews() {
  const chosen = chosenViews();
  for (const card of all(".figure")) {
    const key = card.dataset.figure;
    const view = words[key].state === "arm" ? page.state.arm : chosen.get(key);
    if (Object.hasOwn(words[key].views, view || "")) {
      page.shown[key] = view;
      showWords(card);
    }
  }
}

async function start() {
  page.redraw = drawAll;
  applyTheme();
  wireTools();
  wireSections();
  wirePrinting();
  wireResize();
  try {
    await readViews();
    all(".figure").forEach(wireCard);
    restoreViews();
    await loadCharts();
    all(".figure").forEach(showClock);
    await drawAll();
    await startWhatif();
  } catch (error) {
    noCharts(error);
  }
  if (page.state.section) goTo(page.state.section);
  document.documentElement.dataset.ready = "yes";
}

start();
