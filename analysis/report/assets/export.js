/* Saving: CSV, and pictures that carry title, subtitle, colour key, source and warning with them. */

const PICTURE_WIDTH = 1000;

function escapeMarkup(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function broken(text, width) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last && last.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}

function keyText(legend, tokens) {
  const marks = { dash: "\u2504", line: "\u2501", dot: "\u25cf", ring: "\u25cb", diamond: "\u25c6", tick: "|" };
  return legend
    .map(([token, label, mark]) => {
      const sign = marks[mark] || "\u25a0";
      return `<span style="color:${tokens[token]}">${sign}</span> ${escapeMarkup(label)}`;
    })
    .join("    ");
}

function picture(card) {
  const key = card.dataset.figure;
  const view = viewOf(card);
  const tokens = page.specs.themes.light;
  const spec = specFor(key, page.shown[key], PICTURE_WIDTH, "light");
  const margin = spec.layout.margin;
  const rows = [
    ...broken(view.title, 84).map((text) => [`<b>${escapeMarkup(text)}</b>`, 19, 26, tokens.text]),
    ...broken(view.subtitle, 130).map((text) => [escapeMarkup(text), 13, 19, tokens.muted]),
  ];
  if (view.legend.length) rows.push([keyText(view.legend, tokens), 13, 26, tokens.text]);
  const notes = [words[key].source, words[key].note].filter(Boolean).join(" ");
  const below = broken(notes, 140).map((text) => [escapeMarkup(text), 12, 17, tokens.muted]);
  const above = rows.reduce((sum, row) => sum + row[2], 18);
  const under = below.reduce((sum, row) => sum + row[2], 16);
  const write = ([text, size, , color], y, shift, anchor) => ({
    text, xref: "paper", yref: "paper", x: 0, y, xanchor: "left", yanchor: anchor, align: "left",
    xshift: 18 - margin.l, yshift: shift, showarrow: false, font: { size, color },
  });
  const added = [];
  let at = margin.t + above - 12;
  for (const row of rows) {
    added.push(write(row, 1, at, "top"));
    at -= row[2];
  }
  at = -margin.b - 4;
  for (const row of below) {
    added.push(write(row, 0, at, "top"));
    at -= row[2];
  }
  spec.layout.height += above + under;
  spec.layout.margin = { ...margin, t: margin.t + above, b: margin.b + under };
  spec.layout.annotations = [...(spec.layout.annotations || []), ...added];
  return spec;
}

async function savePicture(card, format) {
  const spec = picture(card);
  const size = { width: PICTURE_WIDTH, height: spec.layout.height, scale: format === "png" ? 2 : 1 };
  const address = await Plotly.toImage(spec, { format, ...size });
  const body = address.slice(address.indexOf(",") + 1);
  const name = `${card.dataset.figure}-${page.shown[card.dataset.figure]}.${format}`;
  if (format === "svg") return save(name, decodeURIComponent(body), "image/svg+xml");
  const bytes = Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
  return save(name, bytes, "image/png");
}

async function saveAs(card, format) {
  const key = card.dataset.figure;
  if (format === "csv") {
    await readTables();
    save(`${key}-${page.shown[key]}.csv`, csvOf(viewOf(card)), "text/csv;charset=utf-8");
  } else if (page.specs) {
    await savePicture(card, format);
  }
}
