/* A reviewer's remarks: written beside the findings, exported as a workbook. Offline, without a library. */
for (const place of document.querySelectorAll("[data-report]")) {
  const table = place.querySelector("table"), figure = place.querySelector("figure.table");
  const rows = [...table.tBodies[0].rows].filter((row) => !row.querySelector(".empty"));
  if (!rows.length) continue;
  const report = place.dataset.report, there = JSON.parse(place.dataset.remarks);
  const as = words.remarks, { sheet, headings } = as.kept;
  const kept = sheet + " " + report + " " + location.pathname;
  let stored = true, exported = false;

  const make = (tag, more) => Object.assign(document.createElement(tag), more);
  const input = (label, more) => {
    const field = make("input", more), around = make("label");
    around.append(label + " ", field);
    return field;
  };
  // what XML cannot hold becomes a mark that something stood there
  const clean = (text) => text.trim().replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd");
  // as workbooks are read: width of letters and digits, spaces
  const folded = (text) => clean(text.replace(/[\u3000\xa0]/g, " ").replace(/[\u200b\ufeff]/g, "")
    .replace(/[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/g, (wide) => String.fromCharCode(wide.charCodeAt() - 0xfee0)));

  const reviewer = input(as.reviewer, { maxLength: 100, autocomplete: "off" });
  const day = input(as.day, { type: "date", max: "9999-12-31" });
  const button = make("button", { type: "button", textContent: as.export });
  const status = make("span");
  status.setAttribute("role", "status");
  const bar = make("div", { className: "tools remarks" });
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", as.title);
  bar.append(reviewer.parentNode, day.parentNode, button, status);
  figure.before(bar);

  const fields = new Map(rows.map((row) => {
    const number = row.cells[0].textContent;
    const field = make("textarea", { rows: 2, maxLength: 30000, placeholder: as.write });
    field.setAttribute("aria-label", said(as.on, number));
    row.cells[place.dataset.column].append(field);
    return [number, field];
  }));
  let gone = []; // written on an earlier state of this page, to findings that it no longer has
  const written = () => [...gone, ...[...fields].map(([number, field]) => [number, field.value])]
    .filter(([, text]) => folded(text));

  const tell = () => {
    const count = written().length;
    status.textContent = count ? said(gone.length ? as.writtenAndGone : as.written, count, gone.length) : "";
  };
  const keep = () => {
    exported = false;
    tell();
    try {
      localStorage.setItem(kept, JSON.stringify({ reviewer: reviewer.value, day: day.value, remarks: written() }));
      stored = true;
    } catch { stored = false; }
  };
  try {
    const old = JSON.parse(localStorage.getItem(kept)) || { remarks: [] };
    reviewer.value = old.reviewer || "";
    day.value = old.day || "";
    const known = new Set(there.map((one) => JSON.stringify(one.slice(0, 2))));
    for (const [number, text] of old.remarks.filter(([number, text]) => !known.has(JSON.stringify([number, folded(text)])))) {
      if (fields.has(number)) fields.get(number).value = text;
      else gone.push([number, text]);
    }
  } catch { stored = false; }
  for (const field of [reviewer, day, ...fields.values()]) field.addEventListener("input", keep);
  addEventListener("beforeunload", (event) => {
    if (!stored && !exported && written().length) event.preventDefault();
  });
  tell();

  // the remarks that are there, then the new ones; a new one takes the place of the same reviewer's of that day
  const all = () => {
    const found = new Map(there.map((one) => [one[0] + one[3], one]));
    for (const [number, text] of written()) {
      found.set(number + day.value, [number, clean(text), clean(reviewer.value), day.value]);
    }
    return [...found.values()].map((one) => [report, ...one]);
  };
  const lacking = () => {
    const taken = there.find((one) => one[3] === day.value && one[2] !== folded(reviewer.value) &&
      written().some(([number]) => number === one[0]));
    if (!written().length) return [fields.values().next().value, as.nothing];
    if (!folded(reviewer.value)) return [reviewer, as.noReviewer];
    if (!day.value || !day.validity.valid) return [day, as.noDay];
    return taken ? [day, said(as.taken, taken[0], taken[3], taken[2])] : null;
  };
  button.onclick = () => {
    const fault = lacking();
    if (fault) {
      status.textContent = "■ " + fault[1];
      fault[0].focus();
      return;
    }
    const link = make("a", { download: sheet + "-" + report.split(" ").pop() + ".xlsx" });
    const type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    link.href = URL.createObjectURL(new Blob([workbook(sheet, [headings, ...all()])], { type }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    exported = true;
    status.textContent = said(as.exported, link.download, all().length);
  };
}

/* A workbook of one sheet of texts: the parts of an .xlsx in a zip, not compressed, no date in it. */
function workbook(title, rows) {
  const escaped = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  const xml = (text) => text.replace(/[&<>"]/g, (found) => escaped[found]);
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
  const formats = "http://schemas.openxmlformats.org/", main = formats + "spreadsheetml/2006/main";
  const office = formats + "officeDocument/2006/relationships", mime = "application/vnd.openxmlformats-";
  const literal = (text) => xml(text.replace(/_(?=x[0-9a-f]{4}_)/gi, "_x005F_")); // else _x0041_ would be read as A
  const cell = (text, at, row) =>
    `<c r="${"ABCDE"[at]}${row}" t="inlineStr"><is><t xml:space="preserve">${literal(text)}</t></is></c>`;
  const relation = (type, target) => `${head}<Relationships xmlns="${formats}package/2006/relationships">` +
    `<Relationship Id="rId1" Type="${office}/${type}" Target="${target}"/></Relationships>`;
  return zip([
    ["[Content_Types].xml", `${head}<Types xmlns="${formats}package/2006/content-types">` +
      `<Default Extension="rels" ContentType="${mime}package.relationships+xml"/>` +
      `<Override PartName="/xl/workbook.xml" ContentType="${mime}officedocument.spreadsheetml.sheet.main+xml"/>` +
      `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${mime}officedocument.spreadsheetml.worksheet+xml"/></Types>`],
    ["_rels/.rels", relation("officeDocument", "xl/workbook.xml")],
    ["xl/workbook.xml", `${head}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>` +
      `<sheet name="${xml(title)}" sheetId="1" r:id="rId1"/></sheets></workbook>`],
    ["xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml")],
    ["xl/worksheets/sheet1.xml", `${head}<worksheet xmlns="${main}"><sheetData>` +
      rows.map((row, at) => `<row r="${at + 1}">${row.map((text, column) => cell(text, column, at + 1)).join("")}</row>`).join("") + "</sheetData></worksheet>"],
  ]);
}

function zip(files) {
  const encode = new TextEncoder(), whole = [], directory = [];
  const numbers = (...pairs) => new Uint8Array(pairs.flatMap(([value, bytes]) =>
    Array.from({ length: bytes }, (_, at) => value >>> (8 * at) & 255)));
  const length = (parts) => parts.reduce((sum, part) => sum + part.length, 0);
  for (const [name, text] of files) {
    const bytes = encode.encode(text), path = encode.encode(name), start = length(whole);
    // version, UTF-8 names, stored, 1980-01-01 00:00, checksum, sizes
    const about = [[20, 2], [0x800, 2], [0, 2], [0, 2], [33, 2], [checksum(bytes), 4], [bytes.length, 4],
      [bytes.length, 4], [path.length, 2], [0, 2]];
    whole.push(numbers([0x04034b50, 4], ...about), path, bytes);
    directory.push(numbers([0x02014b50, 4], [20, 2], ...about, [0, 2], [0, 2], [0, 2], [0, 4], [start, 4]), path);
  }
  const start = length(whole), size = length(directory);
  const end = numbers([0x06054b50, 4], [0, 4], [files.length, 2], [files.length, 2], [size, 4], [start, 4], [0, 2]);
  return new Blob([...whole, ...directory, end]);
}

/* CRC-32 */
function checksum(bytes) {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum >>> 1 ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}
