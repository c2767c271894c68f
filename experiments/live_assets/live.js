// Play and Pause, the colours and the width of the window, and the values beside the sliders.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.live = {
  play: (clicks, over, paused) => {
    document.documentElement.dataset.ready = "yes";
    const pressed = dash_clientside.callback_context.triggered_id === "play";
    const running = !over && (pressed ? paused : !paused);
    return [!running, running ? "Pause" : "Play", running ? "true" : "false"];
  },
  watch: () => {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const narrow = matchMedia("(max-width: 640px)");
    const view = () => ({ scheme: dark.matches ? "dark" : "light", narrow: narrow.matches });
    for (const query of [dark, narrow]) {
      query.addEventListener("change", () => dash_clientside.set_props("view", { data: view() }));
    }
    return view();
  },
};
const tell = (range) => {
  const beside = range.closest("label")?.querySelector("output");
  if (!beside) return;
  const { names, unit = "" } = beside.dataset;
  const number = Number(Number(range.value).toPrecision(4));
  beside.textContent = names ? names.split("|")[number] : `${number} ${unit}`.trim();
  range.setAttribute("aria-valuetext", beside.textContent);
};
document.addEventListener("input", (event) => {
  if (event.target.matches("input[type=range]")) tell(event.target);
});
