/* A map with time: the quarters of one history, by slider or by Play, and each in words. */

const clock = { timer: 0 };
const TICK = 350;

const framesOf = (view) => view?.wide.layout.meta?.frames;

function frameAt(frames) {
  const at = page.state.at === "" ? frames.start : Number(page.state.at);
  return Number.isInteger(at) && at >= 0 ? Math.min(at, frames.said.length - 1) : frames.start;
}

/* The traces of a chart in the quarter at hand. */
function framed(traces, frames) {
  if (!frames) return traces;
  const at = frameAt(frames);
  return traces.map((trace, place) => {
    const rungs = frames.rungs[place - frames.first];
    return rungs ? { ...trace, line: { ...trace.line, color: frames.tokens[Number(rungs[at])] } } : trace;
  });
}

function showClock(card) {
  const frames = framesOf(page.specs?.figures[card.dataset.figure][page.shown[card.dataset.figure]]);
  const slider = card.querySelector(".clock input");
  if (!frames || !slider) return;
  const at = frameAt(frames);
  slider.max = String(frames.said.length - 1);
  slider.value = String(at);
  slider.setAttribute("aria-valuetext", `${frames.dates[at]}. ${frames.said[at]}`);
  card.querySelector(".clock output").textContent = frames.dates[at];
  card.querySelector(".clock-words").textContent = frames.said[at];
}

async function setClock(card, at) {
  page.state.at = String(at);
  writeState();
  showClock(card);
  await draw(card);
}

function stopClock(card) {
  clearInterval(clock.timer);
  clock.timer = 0;
  const button = card.querySelector(".clock button");
  button.textContent = tell("Play");
  button.setAttribute("aria-pressed", "false");
}

function playClock(card) {
  const slider = card.querySelector(".clock input");
  if (Number(slider.value) >= Number(slider.max)) setClock(card, 0);
  clock.timer = setInterval(() => {
    const next = Number(slider.value) + 1;
    if (next <= Number(slider.max)) setClock(card, next);
    else stopClock(card);
  }, TICK);
  const button = card.querySelector(".clock button");
  button.textContent = tell("Pause");
  button.setAttribute("aria-pressed", "true");
}

function wireClock(card) {
  const slider = card.querySelector(".clock input");
  if (!slider) return;
  slider.addEventListener("input", () => {
    if (clock.timer) stopClock(card);
    setClock(card, Number(slider.value));
  });
  card.querySelector(".clock button").addEventListener("click", () =>
    clock.timer ? stopClock(card) : playClock(card),
  );
}
