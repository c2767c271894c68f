/* The page: views of figures, theme, sections, printing. */

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
  await draw(card);
}

async function choose(card, view) {
  if (words[card.dataset.figure].state !== "arm") {
    await show(card, view);
  } else {
    page.state.arm = view;
    writeState();
    for (const other of all(".figure")) {
      if (words[other.dataset.figure].state === "arm") await show(other, view);
    }
  }
  say(viewOf(card).title);
}

function applyTheme() {
  if (page.state.theme) document.documentElement.dataset.theme = page.state.theme;
  else delete document.documentElement.dataset.theme;
  const dark = themeName() === "dark";
  byId("theme").setAttribute("aria-pressed", String(dark));
}

function wireCard(card) {
  for (const button of all(".tabs button", card)) {
    button.addEventListener("click", () => choose(card, button.dataset.view));
  }
  card.querySelector("select")?.addEventListener("change", (event) => choose(card, event.target.value));
  for (const button of all("[data-save]", card)) {
    button.addEventListener("click", () => saveAs(card, button.dataset.save));
  }
  card.querySelector("details.table").addEventListener("toggle", (event) => {
    const stale = card.dataset.table !== page.shown[card.dataset.figure];
    if (event.target.open && stale) fillTable(card);
  });
}

function wireTools() {
  byId("theme").addEventListener("click", async () => {
    page.state.theme = themeName() === "dark" ? "light" : "dark";
    writeState();
    applyTheme();
    await drawAll();
  });
  byId("link").addEventListener("click", () => copy(location.href, "Link copied."));
  byId("print").addEventListener("click", () => window.print());
  byId("copy-command").addEventListener("click", () =>
    copy(byId("command").textContent, "Command copied."),
  );
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    applyTheme();
    drawAll();
  });
}

async function copy(text, done) {
  try {
    await navigator.clipboard.writeText(text);
    say(done);
  } catch {
    say(`Copy this: ${text}`);
  }
}

function wireSections() {
  for (const link of all("nav a")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      page.state.section = link.hash.slice(1);
      writeState();
      goTo(page.state.section);
    });
  }
  const seen = new Map();
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) seen.set(entry.target.id, entry.isIntersecting);
      const current = all("main > section").find((section) => seen.get(section.id));
      for (const link of all("nav a")) {
        if (current && link.hash === `#${current.id}`) link.setAttribute("aria-current", "true");
        else if (current) link.removeAttribute("aria-current");
      }
    },
    { rootMargin: "-15% 0px -70% 0px" },
  );
  for (const section of all("main > section")) watcher.observe(section);
}

function goTo(id) {
  const section = byId(id);
  if (!section) return;
  section.scrollIntoView();
  section.querySelector("h1, h2")?.focus({ preventScroll: true });
}

function wirePrinting() {
  addEventListener("beforeprint", () => {
    page.printing = true;
    all(".figure").forEach((card) => draw(card));
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
    }, 120);
  });
}

async function start() {
  applyTheme();
  all(".figure").forEach(wireCard);
  wireTools();
  wireSections();
  wirePrinting();
  wireResize();
  for (const card of all(".figure")) {
    const key = card.dataset.figure;
    if (words[key].state === "arm" && page.state.arm in words[key].views) {
      page.shown[key] = page.state.arm;
      showWords(card);
    }
  }
  try {
    await loadCharts();
    await drawAll();
  } catch (error) {
    noCharts(error);
  }
  if (page.state.section) goTo(page.state.section);
  document.documentElement.dataset.ready = "yes";
}

start();
