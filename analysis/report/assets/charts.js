/* Charts: unpack the library, resolve colour tokens, draw for the width at hand. */

const NARROW = 600; /* below this a chart takes its phone layout, unless it names another width */
const PRINT = 840; /* drawn so wide, then shrunk to the paper by the style sheet */
const MAP_ON_PAPER = 430; /* two maps stand on one sheet */
const CONFIG = { displayModeBar: false, responsive: false, doubleClick: false, showTips: false };

async function unpack(id) {
  const text = byId(id).textContent;
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

async function loadCharts() {
  const [source, specs] = await Promise.all([unpack("plotly"), unpack("specs")]);
  page.specs = JSON.parse(specs);
  const script = document.createElement("script");
  script.textContent = source; /* runs only because the policy names its hash */
  document.head.append(script);
  if (!window.Plotly) throw new Error("the chart library did not start");
}

function resolve(value, tokens) {
  if (Array.isArray(value)) return value.map((item) => resolve(item, tokens));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, resolve(v, tokens)]));
  }
  if (typeof value !== "string" || value[0] !== "@") return value;
  const [name, percent] = value.slice(1).split("/");
  const colour = tokens[name];
  if (!percent) return colour;
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return `rgba(${red},${green},${blue},${Number(percent) / 100})`;
}

function merge(base, over) {
  const result = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const both = [result[key], value].every((v) => v && typeof v === "object" && !Array.isArray(v));
    result[key] = both ? merge(result[key], value) : value;
  }
  return result;
}

function specFor(key, view, width, theme) {
  const { wide, narrow } = page.specs.figures[key][view];
  const meta = wide.layout.meta || {};
  const layout = width < (meta.narrow || NARROW) ? merge(wide.layout, narrow) : wide.layout;
  const data = framed(wide.data, meta.frames);
  const spec = resolve({ data, layout }, page.specs.themes[theme]);
  spec.layout.width = width;
  const ratio = meta.ratio;
  if (ratio) {
    const most = page.printing ? MAP_ON_PAPER : 760;
    spec.layout.height = Math.round(Math.min(Math.max(width * ratio, 220), most));
    if (width < NARROW) spec.data = spec.data.map(slimmer);
  }
  return spec;
}

/* A map trace for a small screen: thinner lines, smaller discs. */
function slimmer(trace) {
  const small = (size) => (Array.isArray(size) ? size.map(small) : size && size * 0.68);
  const slim = { ...trace };
  if (trace.line) slim.line = { ...trace.line, width: small(trace.line.width) };
  if (trace.marker) slim.marker = { ...trace.marker, size: small(trace.marker.size) };
  return slim;
}

async function draw(card) {
  const key = card.dataset.figure;
  const plot = card.querySelector(".plot");
  const width = page.printing ? PRINT : Math.floor(plot.clientWidth);
  if (!page.specs || width <= 0) return;
  plot.querySelector(".waiting")?.remove();
  const spec = specFor(key, page.shown[key], width, themeName());
  await Plotly.react(plot, spec.data, spec.layout, CONFIG);
  for (const svg of all("svg", plot)) svg.setAttribute("aria-hidden", "true");
  if (key === "frontier" && !plot.dataset.drawn) {
    plot.on("plotly_click", ({ points }) => {
      if (whatif.ready && points[0].customdata) loadMix(points[0].text, points[0].customdata);
    });
  }
  plot.dataset.drawn = page.shown[key];
  plot.dataset.width = String(width);
}

async function drawAll() {
  for (const card of all(".figure")) {
    await draw(card);
    await new Promise((done) => setTimeout(done));
  }
  if (whatif.ready) await drawCurve();
}

function noCharts(error) {
  for (const waiting of all(".waiting")) {
    waiting.textContent = tell(
      "The chart could not be drawn in this browser; the table below holds its numbers.",
    );
  }
  say(tell("Charts are off: {reason}", { reason: error.message }));
}
