// The page of an issue: text and records together, decisions, keys.
(function () {
  "use strict";
  const { el, t } = GONGBAO;
  const data = GONGBAO.pageData(), points = Array.from(data.text);
  GONGBAO.words = (start, end) => points.slice(start, end).join("");
  const kept = GONGBAO.corrections(data.issue, points);
  const panes = document.querySelector(".panes");
  const tools = { data, kept, decide, open: (ref) => list.open(ref), words: GONGBAO.words };
  const text = GONGBAO.textPane((ref) => { show("records"); list.open(ref); }, selected);
  const list = GONGBAO.recordList(tools, chosen);
  let selection = null;

  function chosen(card, part) {
    text.mark(card.kind === "measure" ? refsOf(card) : [card.ref], part);
    const id = card.row ? card.row.id : card.id;
    history.replaceState(null, "", `#${encodeURIComponent(id)}`);
  }

  const refsOf = (card) => GONGBAO.card.PARTS.flatMap((table) => (card.parts[table] || []).map((place) => GONGBAO.card.LETTERS[table] + place));

  /** A record is confirmed, marked wrong or edited; the same again takes it back. */
  function decide(action, table, row, entry) {
    const card = list.card(GONGBAO.card.LETTERS[table] + data.rows[table].indexOf(row));
    const span = [row.char_start, row.char_end], after = () => list.refresh(card);
    if (entry && !entry.exported && entry.line.action === action && action !== "edit") {
      kept.remove(entry);
      return after();
    }
    if (action !== "edit") {
      kept.put(kept.line(action, table, row.id, span, {}, ""));
      return after();
    }
    const pending = entry && !entry.exported && entry.line.action === "edit" ? entry.line.fields : {};
    GONGBAO.correctionForm({
      table, fields: data.form[table], before: row, prefilled: pending, quote: GONGBAO.words(...span), adding: false,
      done: (fields, note) => { kept.put(kept.line("edit", table, row.id, span, fields, note)); after(); },
    });
  }

  /** What a new record begins with: the selected words where they belong. */
  function prefilled(table, quote) {
    return { tasks: { action: quote }, responsibilities: { name: quote, role: "lead", printed: quote }, deadlines: { printed: quote, basis: "explicit" }, targets: { printed: quote, kind: "goal", op: "=" } }[table];
  }

  function add(table, span) {
    const quote = GONGBAO.words(...span);
    GONGBAO.correctionForm({
      table, fields: data.form[table], before: {}, prefilled: prefilled(table, quote), quote, adding: true,
      done: (fields, note) => kept.put(kept.line("add", table, null, span, fields, note)),
    });
  }

  const bar = document.getElementById("add-bar");
  for (const [table, [zh, en]] of Object.entries(GONGBAO.TITLES)) {
    bar.append(el("button", { type: "button", "data-table": table, onmousedown: (event) => event.preventDefault(), onclick: () => add(table, selection) }, t(`＋ ${zh}`, `+ ${en}`)));
  }

  function selected(span) {
    // A press on the bar takes the focus, not the selection; the dialog takes both.
    if (document.querySelector("dialog[open]")) return;
    selection = span;
    bar.hidden = !span;
  }

  function show(pane) {
    panes.dataset.shown = pane;
    document.getElementById("tab-text").setAttribute("aria-selected", String(pane === "text"));
    document.getElementById("tab-records").setAttribute("aria-selected", String(pane === "records"));
  }

  /** The record, table or cell that the address names. */
  function fromAddress() {
    const id = decodeURIComponent(location.hash.slice(1));
    if (!id) return;
    if (id === "review") {
      document.getElementById("show").value = "review";
      list.draw();
      return show("records");
    }
    for (const table of ["tasks", ...GONGBAO.card.PARTS, "residuals"]) {
      const place = data.rows[table].findIndex((row) => row.id === id);
      if (place >= 0) return list.open(GONGBAO.card.LETTERS[table] + place);
    }
    const element = document.getElementById(id);
    if (element) {
      element.classList.add("active");
      text.show(element);
      return;
    }
    const measure = data.rows.tasks.findIndex((row) => row.measure_id === id);
    if (measure >= 0) list.open(`t${measure}`);
  }

  function decideCurrent(action) {
    const card = list.current();
    if (card && card.kind === "task") decide(action, "tasks", card.row, kept.of("tasks", card.row.id));
  }

  Object.assign(GONGBAO.keys, {
    j: () => list.step(1),
    k: () => list.step(-1),
    c: () => decideCurrent("confirm"),
    w: () => decideCurrent("wrong"),
    e: () => decideCurrent("edit"),
    a: () => selection && bar.querySelector("button").focus(),
    g: () => show(panes.dataset.shown === "text" ? "records" : "text"),
    Escape: () => { list.close(); text.clear(); },
  });
  // On a narrow screen one of the two is shown; it has to be in the page before anything scrolls in it.
  document.getElementById("records").addEventListener("click", (event) => {
    if (event.target.closest(".card") && !event.target.closest("button, input, summary, .inside")) show("text");
  }, { capture: true });
  document.getElementById("records").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.classList.contains("card")) return;
    show("text");
    list.open(event.target.dataset.ref);
  });
  document.getElementById("tab-text").addEventListener("click", () => show("text"));
  document.getElementById("tab-records").addEventListener("click", () => show("records"));
  for (const id of ["q", "show", "order"]) document.getElementById(id).addEventListener("input", list.draw);
  window.addEventListener("hashchange", fromAddress);

  GONGBAO.correctionTray(kept);
  kept.onChange(() => list.refresh(list.current()));
  GONGBAO.onLanguage(list.draw);
  fromAddress();
})();
