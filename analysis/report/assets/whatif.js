/* What-if sliders: an emulator evaluated here, as analysis/emulator/model.py does it. */

const whatif = { list: [], now: null, settings: {}, average: true, moved: "", ready: false };
const DEGREES = 6;
const LOGIT_EDGE = 30;

function unfold(emulator) {
  const size = emulator.terms.length;
  const matrix = Array.from({ length: size }, () => new Float64Array(size));
  let at = 0;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      matrix[row][column] = matrix[column][row] = emulator.covariance[at];
      at += 1;
    }
  }
  return { ...emulator, matrix, conditions: chunks(emulator.conditions, emulator.axes.length) };
}

function chunks(values, length) {
  if (Array.isArray(values[0])) return values;
  const rows = [];
  for (let at = 0; at < values.length; at += length) rows.push(values.slice(at, at + length));
  return rows;
}

function scaled(axis, value) {
  const share = axis.log
    ? Math.log(value / axis.lo) / Math.log(axis.hi / axis.lo)
    : (value - axis.lo) / (axis.hi - axis.lo);
  return 2 * share - 1;
}

function legendre(z) {
  const plain = [1, z];
  for (let d = 1; d < DEGREES - 1; d += 1) {
    plain.push(((2 * d + 1) * z * plain[d] - d * plain[d - 1]) / (d + 1));
  }
  return plain.map((value, d) => Math.sqrt(2 * d + 1) * value);
}

function termsAt(emulator, row) {
  const tables = emulator.axes.map((axis, i) => legendre(scaled(axis, row[i])));
  return emulator.terms.map((parts) =>
    parts.reduce((product, [axis, degree]) => product * tables[axis][degree], 1),
  );
}

function form(matrix, vector) {
  let total = 0;
  for (let i = 0; i < vector.length; i += 1) {
    let line = 0;
    for (let j = 0; j < vector.length; j += 1) line += matrix[i][j] * vector[j];
    total += vector[i] * line;
  }
  return total;
}

const inverseLink = (eta) => 1 / (1 + Math.exp(-Math.min(Math.max(eta, -LOGIT_EDGE), LOGIT_EDGE)));

function predict(emulator, rows) {
  const logit = emulator.link === "logit";
  const gradient = new Float64Array(emulator.terms.length);
  const bounds = emulator.bounds.map((end, k) => (end === null ? (k ? Infinity : -Infinity) : end));
  const clip = (value) => Math.min(Math.max(value, bounds[0]), bounds[1]);
  let sum = 0, clipped = 0, steepness = 0, far = 0;
  for (const row of rows) {
    const columns = termsAt(emulator, row);
    const eta = columns.reduce((total, value, k) => total + value * emulator.coefficients[k], 0);
    const mean = logit ? inverseLink(eta) : eta;
    const steep = logit ? mean * (1 - mean) : 1;
    columns.forEach((value, k) => { gradient[k] += (steep * value) / rows.length; });
    sum += mean / rows.length;
    clipped += clip(mean) / rows.length;
    steepness += steep / rows.length;
    far += Math.sqrt(Math.max(form(emulator.matrix, columns), 0)) > emulator.leverage ? 1 / rows.length : 0;
  }
  const missed = emulator.tau * steepness;
  let half = emulator.range.z * Math.sqrt(Math.max(form(emulator.matrix, gradient), 0) + missed * missed);
  let mean = sum, lo, hi;
  if (logit) {
    const middle = Math.log(mean / (1 - mean));
    half /= mean * (1 - mean);
    [lo, hi] = [inverseLink(middle - half), inverseLink(middle + half)];
  } else {
    mean = clipped;
    [lo, hi] = [clip(sum - half), clip(sum + half)];
  }
  return { mean, lo: Math.min(lo, mean), hi: Math.max(hi, mean), far: far > 0.5, family: familyOf(emulator, rows[0]) };
}

function familyOf(emulator, row) {
  const places = emulator.axes.map((axis, k) => (axis.switch ? k : -1)).filter((k) => k >= 0);
  if (!places.length) return "uniform";
  const on = places.filter((k) => row[k] > 0).length;
  if (on === 0) return "none";
  if (on <= 3 && on < places.length) return "few";
  const ends = places.every((k) => row[k] === 0 || row[k] === emulator.axes[k].hi);
  return ends ? "corners" : "uniform";
}

/* At one point (kind "at"), or over the stored conditions (kind "average"). */
function evaluate(emulator, settings, kind) {
  const point = emulator.axes.map((axis) =>
    settings[axis.key] ?? (axis.switch && axis.lo === 0 ? 0 : axis.default),
  );
  if (kind === "at") return predict(emulator, [point]);
  const rows = emulator.conditions.map((condition) =>
    condition.map((value, k) => {
      const axis = emulator.axes[k];
      return axis.switch || axis.key in settings ? point[k] : value;
    }),
  );
  return predict(emulator, rows);
}

/* What was said of the present settings; mechanisms count always, conditions when not averaged. */
function answerFor(settings) {
  const emulator = whatif.now;
  if (!whatif.average) return evaluate(emulator, settings, "at");
  const own = Object.fromEntries(
    emulator.axes.filter((axis) => axis.switch).map((axis) => [axis.key, settings[axis.key]]),
  );
  return evaluate(emulator, own, "average");
}

async function startWhatif() {
  if (!byId("whatif-panel")) return;
  const content = JSON.parse(await unpack("emulators"));
  whatif.texts = content.texts;
  whatif.names = content.names;
  whatif.list = content.emulators.map(unfold);
  whatif.now = whatif.list[0];
  whatif.moved = whatif.now.axes[0].key;
  for (const axis of whatif.now.axes) whatif.settings[axis.key] = axis.switch ? axis.lo : axis.default;
  readWhatif();
  wireWhatif();
  whatif.ready = true;
  showWhatif(false);
}
