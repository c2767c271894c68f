/* Tables behind the charts: shown on request, sorted by any column, filtered by any text, saved
   with every digit and row. */

const LONG_TABLE = 12; /* rows from which a table can be filtered */
let unpacking = null;

/* The rows of every view, unpacked when the first table or file is asked for. */
function readTables() {
  unpacking ||= unpack("tables").then((text) => {
    for (const [key, views] of Object.entries(JSON.parse(text))) {
      for (const [view, columns] of Object.entries(views)) {
        words[key].views[view].data = columns.map((column) =>
          Array.isArray(column) ? column : column.at.map((at) => column.texts[at]),
        );
      }
    }
  });
  return unpacking;
}

function viewOf(card) {
  const key = card.dataset.figure;
  return words[key].views[page.shown[key]];
}

function shownValue(value, digits) {
  if (value === null) return "\u2013";
  if (typeof value !== "number") return String(value);
  const text = digits === null ? String(value) : value.toFixed(digits);
  const sign = Number(text) === 0 ? "" : "\u2212";
  return text.replace("-", sign).replace(".", decimalMark);
}

async function fillTable(card) {
  const box = card.querySelector("details.table .scroll");
  card.dataset.table = page.shown[card.dataset.figure];
  await readTables();
  const view = viewOf(card);
  const order = view.data[0].map((_, row) => row);
  box.replaceChildren(tableOf(view, order, -1, true));
  box.previousElementSibling?.matches(".filter") && box.previousElementSibling.remove();
  if (order.length >= LONG_TABLE) box.before(filterOf(box));
}

/* Rows that hold every word that is typed, in any column; how many they are is told. */
function filterOf(box) {
  const input = element("input", { type: "search", autocomplete: "off" });
  const count = element("output", { className: "aside" });
  input.addEventListener("input", () => {
    box.dataset.filter = input.value;
    const [shown, whole] = filterRows(box);
    count.textContent = input.value.trim() ? tell("{shown} of {whole}", { shown, whole }) : "";
  });
  delete box.dataset.filter;
  return element("p", { className: "filter" }, element("label", {}, tell("Filter rows") + " ", input), count);
}

function filterRows(box) {
  const wanted = (box.dataset.filter || "").toLowerCase().split(/\s+/);
  const rows = all("tbody tr", box);
  for (const row of rows) {
    const text = [...row.cells].map((cell) => cell.textContent).join(" ").toLowerCase();
    row.hidden = !wanted.every((word) => text.includes(word));
  }
  return [rows.filter((row) => !row.hidden).length, rows.length];
}

function tableOf(view, order, sorted, rising) {
  const head = element("tr");
  view.columns.forEach(([, label], column) => {
    const state = column === sorted ? (rising ? "ascending" : "descending") : "none";
    const button = element("button", { type: "button", textContent: label });
    button.addEventListener("click", () => sortBy(button, view, column, column === sorted && rising));
    head.append(element("th", { scope: "col", "aria-sort": state }, button));
  });
  const body = element("tbody");
  for (const row of order) {
    const line = element("tr");
    view.columns.forEach(([, , digits], column) => {
      const value = view.data[column][row];
      const kind = typeof value === "number" ? "figure-cell" : "";
      line.append(element("td", { className: kind, textContent: shownValue(value, digits) }));
    });
    body.append(line);
  }
  return element("table", { className: "data" }, element("thead", {}, head), body);
}

function sortBy(button, view, column, falling) {
  const values = view.data[column];
  const order = values.map((_, row) => row);
  const sign = falling ? -1 : 1;
  order.sort((a, b) => {
    const [x, y] = [values[a], values[b]];
    if (x === null || y === null) return (x === null) - (y === null);
    return sign * (typeof x === "number" ? x - y : String(x).localeCompare(String(y))) || a - b;
  });
  const table = button.closest("table");
  const fresh = tableOf(view, order, column, !falling);
  table.replaceWith(fresh);
  filterRows(fresh.parentElement);
  all("th button", fresh)[column].focus();
}

function csvOf(view) {
  const cell = (value) => {
    if (value === null) return "";
    const text = String(value);
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [view.columns.map(([key]) => cell(key)).join(",")];
  view.data[0].forEach((_, row) => lines.push(view.data.map((c) => cell(c[row])).join(",")));
  return `${lines.join("\r\n")}\r\n`;
}
