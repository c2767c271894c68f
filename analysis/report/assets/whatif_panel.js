/* The what-if panel: sliders, presets, words, the curve along the setting moved last. */

const SHARES = { tickvals: [0, 0.25, 0.5, 0.75, 1], ticktext: ["0 %", "25 %", "50 %", "75 %", "100 %"] };
const filledIn = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const shownNumber = (value) =>
  shownValue(value * whatif.now.scale, whatif.now.digits);

function valueAt(axis, share) {
  const raw = axis.log
    ? axis.lo * (axis.hi / axis.lo) ** (share / 100)
    : axis.lo + ((axis.hi - axis.lo) * share) / 100;
  return axis.whole ? Math.round(raw) : raw;
}

const shareAt = (axis, value) => 50 * (scaled(axis, value) + 1);

function dialText(axis, value) {
  if (axis.switch) return `${Math.round(100 * value)} %`;
  const digits = axis.whole ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(axis.hi), 1e-9))));
  return `${shownValue(value, Math.min(digits, 6))} ${axis.unit === "1" ? "" : axis.unit}`.trim();
}

function wireWhatif() {
  for (const dial of all("#whatif-panel input[type=range]")) {
    dial.addEventListener("input", () => {
      const axis = whatif.now.axes.find((one) => one.key === dial.dataset.axis);
      whatif.settings[axis.key] = valueAt(axis, Number(dial.value));
      whatif.moved = axis.key;
      byId("whatif-preset").value = "";
      showWhatif();
    });
  }
  const presets = byId("whatif-preset");
  const mixes = mixesOfTheFrontier();
  if (mixes.length) {
    const named = mixes.map(([label], at) => element("option", { value: `mix${at}`, textContent: label }));
    presets.append(element("optgroup", { label: tell("Mixes on the frontier") }, ...named));
  }
  presets.addEventListener("change", ({ target: { value } }) => {
    if (value.startsWith("mix")) load(mixPreset(...mixes[Number(value.slice(3))]));
    else if (value !== "") load(whatif.now.presets[Number(value)]);
  });
  byId("whatif-average")?.addEventListener("change", (event) => {
    whatif.average = event.target.checked;
    showWhatif();
  });
  byId("whatif-outcome")?.addEventListener("change", (event) => {
    whatif.now = whatif.list.find((one) => one.key === event.target.value);
    showWhatif();
  });
}

function load(preset) {
  Object.assign(whatif.settings, preset.settings);
  showWhatif();
  say(filledIn(whatif.texts.loaded, { label: preset.label }));
}

const dials = () => whatif.now.axes.filter((axis) => axis.switch).map((axis) => axis.key);
const keysOf = (strengths) => Object.keys(strengths).map((name) => `mechanisms.${name}.intensity`);
const lacking = (strengths) => keysOf(strengths).filter((key) => !dials().includes(key));

/* A mix, strengths by mechanism, as a preset: what it does not name is off. */
function mixPreset(label, strengths) {
  const off = dials().map((key) => [key, 0]);
  const on = keysOf(strengths).map((key, at) => [key, Object.values(strengths)[at]]);
  return { label, settings: Object.fromEntries([...off, ...on]) };
}

/* Label and strengths of the mixes that the sliders can show, those of the frontier first, then the
   beaten ones: what a click on the chart gives. */
function mixesOfTheFrontier() {
  const views = Object.values(page.specs.figures.frontier || {});
  const traces = [1, 0].flatMap((place) => views.map((view) => view.wide.data[place]));
  const every = traces.flatMap(({ text, customdata }) => text.map((label, at) => [label, customdata[at]]));
  const found = new Map(every.filter(([, strengths]) => !lacking(strengths).length));
  return [...found];
}

/* A mix that was chosen on the frontier, or what the sliders lack for it. */
function loadMix(label, strengths) {
  const missing = lacking(strengths).map((key) => whatif.names[key.split(".")[1]]);
  if (missing.length) {
    say(filledIn(whatif.texts.missing, { names: missing.join(", ") }));
    return;
  }
  load(mixPreset(label, strengths));
  byId("whatif-preset").value = "";
  byId("whatif")?.scrollIntoView();
}

function showWhatif(keep = true) {
  const { now, texts } = whatif;
  for (const axis of now.axes) {
    const dial = byId(`dial-${axis.key}`);
    const text = dialText(axis, whatif.settings[axis.key]);
    dial.value = String(Math.round(shareAt(axis, whatif.settings[axis.key])));
    dial.setAttribute("aria-valuetext", text);
    dial.disabled = !axis.switch && whatif.average;
    byId(`value-${axis.key}`).textContent = dial.disabled ? texts.average : text;
  }
  const off = Object.fromEntries(now.axes.filter((axis) => axis.switch).map((axis) => [axis.key, axis.lo]));
  const found = answerFor(whatif.settings);
  const base = answerFor({ ...whatif.settings, ...off });
  byId("whatif-name").textContent = now.label;
  byId("whatif-unit").textContent = now.unit;
  byId("whatif-mean").textContent = shownNumber(found.mean);
  const said = (one) => ({ mean: shownNumber(one.mean), lo: shownNumber(one.lo), hi: shownNumber(one.hi), unit: now.unit });
  byId("whatif-range").textContent = filledIn(texts.range, said(found));
  const same = Object.keys(off).every((key) => whatif.settings[key] === off[key]);
  const apart = found.hi < base.lo || found.lo > base.hi;
  const verdict = apart
    ? filledIn(texts.apart, { word: found.mean < base.mean ? texts.lower : texts.higher })
    : texts.alike;
  byId("whatif-base").textContent = same ? texts.same : `${filledIn(texts.base, said(base))} ${verdict}`;
  byId("whatif-warning").textContent = warningsOf(found).join(" ");
  byId("whatif-quality").textContent = now.quality_words;
  drawBar(found, base);
  drawCurve();
  if (keep) writeWhatif();
}

function warningsOf(found) {
  const { now, texts } = whatif;
  const told = [];
  if (found.far) told.push(texts.far);
  if (now.link === "logit" && found.hi - found.lo > 0.35) told.push(texts.wide);
  if (!now.quality.some((one) => one.family === found.family && one.rmse !== null)) {
    told.push(filledIn(texts.untested, { family: now.family_words[found.family] }));
  }
  return told.length ? told : [texts.inside];
}

function drawBar(found, base) {
  const most = whatif.now.link === "logit" ? 1 : 1.15 * Math.max(found.hi, base.hi, 1e-12);
  const least = whatif.now.link === "logit" ? 0 : Math.min(0, found.lo, base.lo);
  const place = (value) => `${(100 * (value - least)) / (most - least)}%`;
  const bar = byId("whatif-bar");
  bar.querySelector(".band").style.left = place(found.lo);
  bar.querySelector(".band").style.width = `${(100 * (found.hi - found.lo)) / (most - least)}%`;
  bar.querySelector(".at").style.left = place(found.mean);
  bar.querySelector(".base").style.left = place(base.mean);
}

async function drawCurve() {
  const plot = byId("whatif-curve");
  const width = page.printing ? PRINT : Math.floor(plot.clientWidth);
  if (!page.specs || width <= 0) return;
  const axis = whatif.now.axes.find((one) => one.key === whatif.moved);
  const hidden = !axis.switch && whatif.average;
  plot.hidden = hidden;
  byId("whatif-along").textContent = hidden ? "" : `${axis.label}${axis.unit && axis.unit !== "1" ? `, ${axis.unit}` : ""}`;
  if (hidden) return;
  const xs = Array.from({ length: 41 }, (_, k) => valueAt(axis, 2.5 * k));
  const points = xs.map((x) => answerFor({ ...whatif.settings, [axis.key]: x }));
  const tokens = page.specs.themes[themeName()];
  const spec = curveSpec(axis, xs, points, tokens, width);
  await Plotly.react(plot, spec.data, spec.layout, CONFIG);
  for (const svg of all("svg", plot)) svg.setAttribute("aria-hidden", "true");
  const last = points[points.length - 1];
  plot.setAttribute("aria-label",
    tell("{label}: {low} at {first}, {high} at {last}", {
      label: whatif.now.label, low: shownNumber(points[0].mean), high: shownNumber(last.mean),
      first: dialText(axis, xs[0]), last: dialText(axis, xs[40]),
    }));
}

function curveSpec(axis, xs, points, tokens, width) {
  const scale = whatif.now.scale;
  const band = { mode: "lines", line: { width: 0 }, hoverinfo: "skip", type: "scatter", x: xs };
  const here = answerFor(whatif.settings);
  const fill = resolve("@accent/22", tokens);
  const quiet = { fixedrange: true, zeroline: false, gridcolor: tokens.grid, linecolor: tokens.axis, tickfont: { size: 12, color: tokens.muted } };
  return {
    data: [
      { ...band, y: points.map((p) => p.lo * scale) },
      { ...band, y: points.map((p) => p.hi * scale), fill: "tonexty", fillcolor: fill },
      { type: "scatter", mode: "lines", x: xs, y: points.map((p) => p.mean * scale), line: { color: tokens.accent, width: 2.4 }, hovertemplate: "%{y:.3g}<extra></extra>" },
      { type: "scatter", mode: "markers", x: [whatif.settings[axis.key]], y: [here.mean * scale], marker: { size: 12, color: tokens.text }, hoverinfo: "skip" },
    ],
    layout: {
      width, height: 210, showlegend: false, dragmode: false, paper_bgcolor: tokens.card, plot_bgcolor: tokens.card,
      margin: { l: 46, r: 26, t: 10, b: 30 }, font: { color: tokens.text },
      xaxis: { ...quiet, type: axis.log ? "log" : "linear", ...(axis.switch ? SHARES : {}) },
      yaxis: { ...quiet, rangemode: "tozero" },
    },
  };
}

/* The settings in the address: whatif=OUTCOME,AVERAGE,SHARE,SHARE,... */
function writeWhatif() {
  if (!whatif.ready) return;
  const shares = whatif.now.axes.map((axis) => Math.round(shareAt(axis, whatif.settings[axis.key])));
  page.state.whatif = [whatif.list.indexOf(whatif.now), Number(whatif.average), ...shares].join(",");
  writeState();
}

function readWhatif() {
  const parts = (page.state.whatif || "").split(",").map(Number);
  const axes = whatif.now.axes;
  if (parts.length !== axes.length + 2 || parts.some((part) => !(part >= 0 && part <= 100))) return;
  whatif.now = whatif.list[parts[0]] || whatif.now;
  whatif.average = Boolean(parts[1]);
  if (byId("whatif-average")) byId("whatif-average").checked = whatif.average;
  if (byId("whatif-outcome")) byId("whatif-outcome").value = whatif.now.key;
  axes.forEach((axis, k) => { whatif.settings[axis.key] = valueAt(axis, parts[k + 2]); });
}
