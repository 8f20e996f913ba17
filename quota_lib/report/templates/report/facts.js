
/* Every figure opens where it came from: formula, clause, parameters, parts, cells. The figures stand in the block #facts. */
{
  const block = document.getElementById("facts");
  const known = block ? JSON.parse(block.textContent) : { facts: [], rules: [], sheets: [], words: [] };
  const as = words.figures;
  const text = (places, by = " ") => [places ?? 0].flat().map((at) => known.words[at] ?? at).join(by);
  const list = known.facts, facts = Object.fromEntries(list.map((fact) => [text(fact[0], ":"), fact]));
  const read = ([, label, value, unit, clause, parts = 0, cells = 0, formula, note, rules = 0]) => ({
    label: text(label), value, unit: text(unit), formula: text(formula), clause: text(clause), note: text(note),
    parts: parts || [], rules: rules || [],
    cells: (cells || []).map(([sheet, at, heading, found]) => [`${known.sheets[sheet]}!${at}`, text(heading), found ?? value]),
  });
  // the page holds a figure's place in the list; from here on it has its id
  if (block) for (const one of document.querySelectorAll("[data-fact]")) one.dataset.fact = text(list[one.dataset.fact][0], ":");
  const make = (tag, name, text) => {
    const one = document.createElement(tag);
    if (name) one.className = name;
    if (text) one.textContent = text;
    return one;
  };
  const minus = (value) => value.replace(/^-/, "\u2212");
  const line = (box, word, text) => {
    const row = make("p", "why");
    row.append(make("b", "", word), " ", text);
    box.append(row);
  };
  const told = (fact) => {
    const box = make("div", "fact");
    if (fact.formula) line(box, as.formula, fact.formula);
    if (fact.clause) line(box, as.clause, fact.clause);
    if (fact.note) line(box, as.note, fact.note);
    for (const at of fact.rules) {
      const rule = known.rules[at];
      const more = [rule.key, rule.since && said(as.since, rule.since), rule.reference, rule.status].filter(Boolean);
      line(box, as.rule, said(as.about, rule.label, rule.value, rule.unit, more.join(as.comma)));
    }
    for (const [place, heading, value] of fact.cells) {
      const row = make("p", "cell");
      row.append(make("code", "", place), ` ${heading} = `, make("b", "", minus(value)));
      box.append(row);
    }
    for (const at of fact.parts) {
      const part = read(list[at]);
      const more = make("details"), head = make("summary");
      head.append(part.label, " ", make("b", "", `${minus(part.value)} ${part.unit}`));
      more.append(head);
      more.addEventListener("toggle", () => { if (more.open && more.children.length < 2) more.append(told(part)); });
      box.append(more);
    }
    return box;
  };
  const panel = make("dialog", "trace");
  panel.setAttribute("aria-label", as.whence);
  document.body.append(panel);
  panel.addEventListener("click", (event) => { if (event.target === panel) panel.close(); });
  const open = (cell) => {
    const id = cell.dataset.fact, fact = facts[id] && read(facts[id]);
    if (!fact) return;
    const shut = make("button", "", as.close);
    shut.type = "button";
    shut.onclick = () => panel.close();
    const head = make("h2");
    head.append(fact.label, " ", make("b", "", `${minus(fact.value)} ${fact.unit}`));
    const link = make("p", "why");
    link.append(make("b", "", as.id), " ", make("code", "", id));
    panel.replaceChildren(shut, head, told(fact), link);
    panel.showModal();
    panel.scrollTop = 0;
  };
  // one stop of the Tab key for each table; the arrow keys go from figure to figure in it
  const move = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
  const neighbour = (cell, [down, right]) => {
    let row = cell.parentElement, at = cell.cellIndex;
    do {
      if (down) row = down > 0 ? row.nextElementSibling : row.previousElementSibling; else at += right;
    } while (row && row.cells[at] && (row.hidden || !facts[row.cells[at].dataset.fact]));
    return row && row.cells[at];
  };
  for (const figure of document.querySelectorAll("span[data-fact]")) {
    figure.tabIndex = 0;
    figure.setAttribute("role", "button");
    figure.setAttribute("aria-haspopup", "dialog");
    figure.addEventListener("click", () => open(figure));
    figure.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(figure); }
    });
  }
  // a picture is one stop, too; in it the arrow keys go from bar to bar
  for (const chart of document.querySelectorAll("svg")) {
    const bars = [...chart.querySelectorAll("[data-fact]")].filter((bar) => facts[bar.dataset.fact]);
    const stop = (bar) => { bars.forEach((other) => { other.tabIndex = other === bar ? 0 : -1; }); bar.focus(); };
    bars.forEach((bar, at) => {
      bar.setAttribute("tabindex", at ? "-1" : "0");
      bar.setAttribute("role", "button");
      bar.setAttribute("aria-haspopup", "dialog");
      bar.addEventListener("click", () => { stop(bar); open(bar); });
      bar.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(bar); }
        const next = move[event.key] && bars[at + (move[event.key][0] || move[event.key][1])];
        if (next) { event.preventDefault(); stop(next); }
      });
    });
  }
  for (const table of document.querySelectorAll("table")) {
    const figures = [...table.querySelectorAll("[data-fact]")].filter((cell) => facts[cell.dataset.fact]);
    figures.forEach((cell, at) => { cell.tabIndex = at ? -1 : 0; cell.setAttribute("aria-haspopup", "dialog"); });
    const stop = (cell) => { figures.forEach((other) => { other.tabIndex = -1; }); cell.tabIndex = 0; cell.focus(); };
    const body = table.tBodies[0];
    body.addEventListener("click", (event) => {
      const cell = event.target.closest("[data-fact]");
      if (cell && facts[cell.dataset.fact]) { stop(cell); open(cell); }
    });
    body.addEventListener("keydown", (event) => {
      const cell = event.target;
      if (!facts[cell.dataset.fact]) return;
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(cell); }
      const next = move[event.key] && neighbour(cell, move[event.key]);
      if (next) { event.preventDefault(); stop(next); }
    });
  }
}
