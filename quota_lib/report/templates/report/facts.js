
/* Every figure opens where it came from: formula, clause, parameters, parts, cells. The figures stand in the block #facts. */
{
  const block = document.getElementById("facts");
  const known = block ? JSON.parse(block.textContent) : { facts: [], rules: [], sheets: [], words: [], cells: [] };
  const as = words.figures;
  const word = (place) => known.words[place] ?? place;
  const text = (places) => [places ?? 0].flat().map(word).join(" ");
  // ids and labels go on from the figure before
  const list = known.facts, ids = [], labels = [], places = new Map();
  let id = [], label = [];
  for (const [[kept, ...more], [same, ...rest]] of list) {
    id = [...id.slice(0, kept), ...more.map(word)];
    label = [...label.slice(0, same), ...rest.map(word)];
    places.set(id.join(":"), ids.push(id.join(":")) - 1);
    labels.push(label.join(" "));
  }
  const read = (at) => {
    const [, , value, unit, clause, parts = 0, cells = 0, formula, note, rules = 0] = list[at];
    return { label: labels[at], value, unit: text(unit), formula: text(formula), clause: text(clause), note: text(note),
      parts: parts || [], rules: rules || [],
      cells: (cells || []).map((one) => known.cells[one]).map(([sheet, address, heading, found]) =>
        [`${known.sheets[sheet]}!${address}`, text(heading), found]) };
  };
  const make = (tag, name, text) => {
    const one = document.createElement(tag);
    if (name) one.className = name;
    if (text) one.textContent = text;
    return one;
  };
  // the figures in a sentence: each is found by its value, in the order in which they are named
  const digits = (value) => value.replace(/^-/, "").replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const find = (inside, value) => {
    const sought = new RegExp(`(?<![\\d.\\w])${digits(value)}(?!\\.?\\d)`);
    const walk = document.createTreeWalker(inside, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const found = !node.parentElement.closest("span[data-fact]") && sought.exec(node.data);
      if (found) { const rest = node.splitText(found.index); rest.splitText(found[0].length); return rest; }
    }
    return null;
  };
  if (block) for (const one of document.querySelectorAll("[data-facts]")) {
    for (const place of one.dataset.facts.split(" ")) {
      const found = find(one, list[place][2]);
      if (!found) continue;
      const span = make("span", "figure");
      span.dataset.fact = place;
      found.replaceWith(span);
      span.append(found);
    }
  }
  // the page holds a figure's place in the list; from here on it has its id
  if (block) for (const one of document.querySelectorAll("[data-fact]")) one.dataset.fact = ids[one.dataset.fact];
  const opens = (one) => places.has(one.dataset.fact);
  const minus = (text) => text.replace(/(^|[\s(（=+−×÷,，：])-(?=\d)/g, "$1\u2212");
  const line = (box, word, text) => {
    const row = make("p", "why");
    row.append(make("b", "", word), " ", text);
    box.append(row);
  };
  const told = (fact) => {
    const box = make("div", "fact");
    if (fact.formula) line(box, as.formula, minus(fact.formula));
    if (fact.clause) line(box, as.clause, fact.clause);
    if (fact.note) line(box, as.note, minus(fact.note));
    for (const at of fact.rules) {
      const rule = known.rules[at];
      const more = [rule.key, rule.since && said(as.since, rule.since), rule.reference, rule.status].filter(Boolean);
      line(box, as.rule, said(as.about, rule.label, rule.value, rule.unit, more.join(as.comma)));
    }
    for (const [place, heading, value] of fact.cells) {
      const row = make("p", "cell");
      row.append(make("code", "", place), ` ${heading}`);
      if (value) row.append(" = ", make("b", "", minus(value)));
      box.append(row);
    }
    for (const at of fact.parts) {
      const part = read(at);
      const more = make("details"), head = make("summary");
      head.append(part.label, " ", make("b", "", `${minus(part.value)} ${part.unit}`.trim()));
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
    const id = cell.dataset.fact, fact = read(places.get(id));
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
  const push = (one, act) => one.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); act(); }
  });
  // in the text every figure is a stop of the Tab key
  for (const figure of document.querySelectorAll("[data-fact]:not(table *, svg *)")) {
    if (!opens(figure)) continue;
    figure.tabIndex = 0;
    if (figure.matches("span")) figure.setAttribute("role", "button");
    if (figure.querySelector("math")) { // a formula is no name
      const fact = read(places.get(figure.dataset.fact));
      figure.setAttribute("aria-label", `${fact.label} ${minus(fact.value)} ${fact.unit}`);
    }
    figure.setAttribute("aria-haspopup", "dialog");
    figure.addEventListener("click", () => open(figure));
    push(figure, () => open(figure));
  }
  // a table or a picture is one stop; the arrow keys go from figure to figure in it
  const move = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
  const rover = (figures, next) => {
    const stop = (one) => { figures.forEach((other) => { other.setAttribute("tabindex", other === one ? "0" : "-1"); }); one.focus(); };
    figures.forEach((one, at) => {
      one.setAttribute("tabindex", at ? "-1" : "0");
      one.setAttribute("aria-haspopup", "dialog");
      if (!one.matches("td, th")) one.setAttribute("role", "button");
    });
    return { stop, key: (event, one) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(one); }
      const to = move[event.key] && next(one, move[event.key]);
      if (to) { event.preventDefault(); stop(to); }
    } };
  };
  for (const chart of document.querySelectorAll("svg")) {
    const bars = [...chart.querySelectorAll("[data-fact]")].filter((bar) => opens(bar));
    const { stop, key } = rover(bars, (bar, [down, right]) => bars[bars.indexOf(bar) + (down || right)]);
    for (const bar of bars) {
      bar.addEventListener("click", () => { stop(bar); open(bar); });
      bar.addEventListener("keydown", (event) => key(event, bar));
    }
  }
  const of = (row) => [...row.querySelectorAll("[data-fact]")].filter((one) => opens(one));
  const neighbour = (one, [down, right]) => {
    const row = one.closest("tr"), there = of(row), at = one.closest("td, th").cellIndex;
    if (right) return there[there.indexOf(one) + right];
    let to = row, found;
    do {
      to = down > 0 ? to.nextElementSibling : to.previousElementSibling;
      found = to && !to.hidden && of(to).find((other) => other.closest("td, th").cellIndex === at);
    } while (to && !found);
    return found;
  };
  for (const table of document.querySelectorAll("table")) {
    const { stop, key } = rover(of(table), neighbour), body = table.tBodies[0];
    const hit = (event) => {
      const one = event.target.closest("[data-fact]");
      return one && opens(one) && !event.target.closest("textarea, a, button, input") ? one : null;
    };
    body.addEventListener("click", (event) => { const one = hit(event); if (one) { stop(one); open(one); } });
    body.addEventListener("keydown", (event) => { const one = event.target.matches("[data-fact]") && hit(event); if (one) key(event, one); });
  }
}
