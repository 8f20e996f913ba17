"use strict";
/* What people read stands in the block #words, in the language of the page. */
const words = JSON.parse(document.getElementById("words").textContent);
const said = (text, ...values) => text.replace(/\{(\d)\}/g, (_, at) => values[at]);

/* Tables that sort, filter and download. Without this script they are whole, only still. */
for (const figure of document.querySelectorAll("figure.table")) {
  const table = figure.querySelector("table"), body = table.tBodies[0];
  const rows = [...body.rows].filter((row) => !row.querySelector(".empty"));
  if (!rows.length) continue;
  const heads = [...table.tHead.rows[0].cells];
  const tools = document.createElement("div"), status = document.createElement("span");
  tools.className = "tools";
  status.setAttribute("role", "status");

  const plain = (cell) => cell.textContent.trim();
  const figureOf = (cell) => plain(cell).replace("\u2212", "-");

  // whole nanotonnes, so that no two different amounts compare as equal
  const amount = (cell) => {
    const parts = /^(-?\d+)(?:\.(\d{1,9}))?$/.exec(figureOf(cell));
    if (!parts) return null;
    return BigInt(parts[1].replace("-", "") + (parts[2] || "").padEnd(9, "0")) * (parts[1][0] === "-" ? -1n : 1n);
  };
  const collator = new Intl.Collator("zh-CN", { numeric: true });
  const compare = (a, b) => {
    if (a.dataset.key && b.dataset.key) return a.dataset.key - b.dataset.key;
    const x = amount(a), y = amount(b);
    return x === null || y === null ? collator.compare(plain(a), plain(b)) : x < y ? -1 : x > y ? 1 : 0;
  };
  heads.forEach((head, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.onclick = () => {
      const turn = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", turn > 0 ? "ascending" : "descending");
      const none = (row) => plain(row.cells[at]) === "—";
      const order = (a, b) => a.matches(".total") - b.matches(".total") || none(a) - none(b) ||
        turn * compare(a.cells[at], b.cells[at]);
      body.append(...[...rows].sort(order));
    };
  });

  if (rows.length > 5) {
    const input = document.createElement("input");
    input.type = "search";
    input.placeholder = words.tables.filter;
    input.setAttribute("aria-label", said(words.tables.filterOf, plain(table.caption)));
    input.oninput = () => {
      const wanted = input.value.trim().toLowerCase();
      rows.forEach((row) => { row.hidden = !row.textContent.toLowerCase().includes(wanted); });
      status.textContent = wanted ?
        said(words.tables.filtered, input.value.trim(), rows.filter((r) => !r.hidden).length, rows.length) : "";
    };
    tools.append(input);
  }

  // a text that a spreadsheet would take for a formula gets an apostrophe
  const field = (cell) => {
    const isText = cell.matches(".text, .short, thead th"), value = isText ? plain(cell) : figureOf(cell).replace(/^—$|^[■▲●] /, "");
    const safe = isText && /^[=+\-@\t]/.test(value) ? "'" + value : value;
    return /[",\n\r]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
  };
  const download = document.createElement("button");
  download.type = "button";
  download.textContent = words.tables.download;
  download.onclick = () => {
    const lines = [table.tHead.rows[0], ...body.rows].filter((row) => !row.hidden);
    const text = "\ufeff" + lines.map((row) => [...row.cells].map(field).join(",") + "\n").join("");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    link.download = figure.dataset.name + ".csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  tools.append(download, status);
  figure.prepend(tools);
}

/* A link to each section, table and picture, to be sent to others. */
for (const one of document.querySelectorAll("main :is(h2, h3, figure)[id]")) {
  const title = one.matches("figure") ? one.querySelector(".caption, figcaption") : one;
  if (!title) continue;
  const link = document.createElement("a");
  link.className = "here";
  link.href = "#" + one.id;
  link.textContent = "#";
  link.setAttribute("aria-label", said(words.tables.link, title.textContent));
  title.append(" ", link);
}
