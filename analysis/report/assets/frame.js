/* What every page has: theme, tools, sections. */

function applyTheme() {
  if (page.state.theme) document.documentElement.dataset.theme = page.state.theme;
  else delete document.documentElement.dataset.theme;
  const dark = themeName() === "dark";
  byId("theme").setAttribute("aria-pressed", String(dark));
}

function wireTools() {
  byId("theme").addEventListener("click", async () => {
    page.state.theme = themeName() === "dark" ? "light" : "dark";
    writeState();
    applyTheme();
    await page.redraw();
  });
  byId("link").addEventListener("click", () => copy(location.href, tell("Link copied.")));
  byId("print").addEventListener("click", () => window.print());
  byId("copy-command").addEventListener("click", () =>
    copy(byId("command").textContent, tell("Command copied.")),
  );
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    applyTheme();
    page.redraw();
  });
}

async function copy(text, done) {
  try {
    await navigator.clipboard.writeText(text);
    say(done);
  } catch {
    say(tell("Copy this: {text}", { text }));
  }
}

/* A link with another view, pasted into the open page: as if it were opened anew. */
function wireAddress() {
  addEventListener("hashchange", () => {
    if (location.hash.includes("=")) location.reload();
  });
}

function wireSections() {
  wireAddress();
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
