/* The page of a sweep: its figures are drawn already; what is left are the files of its tables. */

function csvOfTable(table) {
  const cell = (node) => {
    const text = node.textContent.trim().replaceAll("\u2212", "-").replaceAll("\u00a0", " ");
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return all("tr", table).map((row) => `${[...row.cells].map(cell).join(",")}\r\n`).join("");
}

function wireFiles() {
  for (const button of all("[data-csv]")) {
    button.addEventListener("click", () => {
      const name = button.dataset.csv;
      save(`${name}.csv`, csvOfTable(byId(`table-${name}`)), "text/csv;charset=utf-8");
    });
  }
}

applyTheme();
wireTools();
wireSections();
wireFiles();
if (page.state.section) goTo(page.state.section);
document.documentElement.dataset.ready = "yes";
