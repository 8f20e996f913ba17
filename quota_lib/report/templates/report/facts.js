
/* Every figure opens where it came from: formula, clause, parameters, parts, cells. The figures stand in the block #facts. */
{
  const block = document.getElementById("facts");
  const known = block ? JSON.parse(block.textContent) : { facts: [], rules: [], sheets: [] };
  const list = known.facts, facts = Object.fromEntries(list.map((fact) => [fact.id, fact]));
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
  const told = (id) => {
    const fact = facts[id], box = make("div", "fact"), unit = (one) => one.unit ?? "t";
    if (fact.formula) line(box, "算式", fact.formula);
    if (fact.clause) line(box, "条款", fact.clause);
    if (fact.note) line(box, "说明", fact.note);
    for (const at of fact.rules || []) {
      const rule = known.rules[at];
      line(box, "参数", `${rule.label} ${rule.value} ${rule.unit}（${[rule.key, rule.since && rule.since + " 起", rule.reference, rule.status].filter(Boolean).join("，")}）`);
    }
    for (const [sheet, cell, heading, value] of fact.cells || []) {
      const row = make("p", "cell");
      row.append(make("code", "", `${known.sheets[sheet]}!${cell}`), ` ${heading} = `, make("b", "", minus(value)));
      box.append(row);
    }
    for (const at of fact.parts || []) {
      const part = list[at];
      const more = make("details"), head = make("summary");
      head.append(part.label, " ", make("b", "", `${minus(part.value)} ${unit(part)}`));
      more.append(head);
      more.addEventListener("toggle", () => { if (more.open && more.children.length < 2) more.append(told(part.id)); });
      box.append(more);
    }
    return box;
  };
  const panel = make("dialog", "trace");
  panel.setAttribute("aria-label", "数字的来源");
  document.body.append(panel);
  panel.addEventListener("click", (event) => { if (event.target === panel) panel.close(); });
  const open = (cell) => {
    const id = cell.dataset.fact, fact = facts[id];
    if (!fact) return;
    const shut = make("button", "", "关闭");
    shut.type = "button";
    shut.onclick = () => panel.close();
    const head = make("h2");
    head.append(fact.label, " ", make("b", "", `${minus(fact.value)} ${fact.unit ?? "t"}`));
    const link = make("p", "why");
    link.append(make("b", "", "编号"), " ", make("code", "", id));
    panel.replaceChildren(shut, head, told(id), link);
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
