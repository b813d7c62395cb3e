// The records of the issue: which cards there are, which are shown, in which order; the one that is open.
(function () {
  "use strict";
  const { el, t } = GONGBAO, { PARTS, LETTERS } = GONGBAO.card;
  const DOUBTFUL = ["unknown", "corrected"];
  const FIRST = 80; // cards made at once; the others follow when there is time

  /** Cards from rows: a task with its parts, parts of a whole measure together, residuals. */
  function cards(data) {
    const made = data.rows.tasks.map((row, place) => ({ kind: "task", ref: `t${place}`, place, row, parts: {}, review: Boolean(row.review), confidence: row.confidence || 0, start: row.char_start }));
    const byTask = new Map(made.map((card) => [card.row.id, card])), byMeasure = new Map();
    const measures = new Map(data.measures.map((measure) => [measure[0], measure]));
    for (const table of PARTS) {
      data.rows[table].forEach((row, place) => {
        const owner = byTask.get(row.task_id) || ofMeasure(byMeasure, row);
        (owner.parts[table] = owner.parts[table] || []).push(place);
        if (owner.kind === "measure" && DOUBTFUL.includes(row.match)) owner.review = true;
        if (owner.kind === "measure") owner.confidence = Math.min(owner.confidence, row.confidence === undefined ? 1 : row.confidence);
      });
    }
    made.push(...byMeasure.values());
    for (const card of made) if (card.kind === "task") card.shared = byMeasure.get(card.row.measure_id);
    for (const card of made) card.measure = measures.get(card.kind === "task" ? card.row.measure_id : card.id);
    made.push(...data.rows.residuals.map((row, place) => ({ kind: "residual", ref: `x${place}`, place, row, parts: {}, review: false, confidence: 1, start: row.char_start || 0 })));
    made.forEach((card, at) => { card.order = card.start * 1e5 + at; card.text = words(card, data); });
    return made;
  }

  function ofMeasure(byMeasure, row) {
    if (!byMeasure.has(row.measure_id)) {
      byMeasure.set(row.measure_id, { kind: "measure", ref: `m${byMeasure.size}`, id: row.measure_id, parts: {}, review: false, confidence: 1, start: row.char_start });
    }
    return byMeasure.get(row.measure_id);
  }

  function words(card, data) {
    const { row } = card, own = row ? [row.action, row.deadline, row.target, row.reason, ...(row.reasons || [])] : [];
    const names = row ? ["lead", "responsible", "support", "implement"].flatMap((role) => row[role] || []) : [];
    const parts = PARTS.flatMap((table) => (card.parts[table] || []).flatMap((place) => [data.rows[table][place].name, data.rows[table][place].printed, data.rows[table][place].indicator]));
    const place = card.kind === "residual" && row.char_start !== undefined ? [GONGBAO.words(row.char_start, row.char_end)] : [];
    return [...own, ...names, ...parts, ...place, card.measure ? card.measure[2] : ""].filter(Boolean).join("\n").toLowerCase();
  }

  /** The list. `tools`: data, kept (corrections), decide, open, words. `chosen(card, part)` when a card opens. */
  function recordList(tools, chosen) {
    const box = document.getElementById("records"), all = cards(tools.data);
    const byRef = new Map(all.map((card) => [card.ref, card]));
    for (const card of all) for (const table of PARTS) (card.parts[table] || []).forEach((place) => byRef.set(LETTERS[table] + place, card));
    let shown = [], made = 0, current = null;

    const changed = (card) => {
      const ids = card.row && card.kind === "task" ? [["tasks", card.row.id]] : [];
      for (const table of PARTS) (card.parts[table] || []).forEach((place) => ids.push([table, tools.data.rows[table][place].id]));
      return ids.some(([table, id]) => tools.kept.of(table, id));
    };
    const SHOWN = {
      all: (card) => card.kind !== "residual",
      review: (card) => card.review,
      changed,
      left: (card) => card.kind === "residual",
    };
    const ORDERS = {
      // What waits for a person first, the least sure of it first.
      review: (a, b) => b.review - a.review || a.confidence - b.confidence || a.order - b.order,
      text: (a, b) => a.order - b.order,
    };

    function fill(upTo) {
      for (; made < Math.min(upTo, shown.length); made++) box.append(GONGBAO.card.make(shown[made], tools));
      if (made < shown.length) (window.requestIdleCallback || setTimeout)(() => fill(made + FIRST));
    }

    function draw() {
      const field = (id) => document.getElementById(id).value;
      const query = field("q").toLowerCase().split(/\s+/).filter(Boolean);
      shown = all.filter((card) => SHOWN[field("show") || "all"](card) && query.every((word) => card.text.includes(word)));
      shown.sort(ORDERS[field("order") || "review"]);
      const tasks = shown.filter((card) => card.kind === "task").length, review = shown.filter((card) => card.kind === "task" && card.review).length;
      document.getElementById("record-count").replaceChildren(field("show") === "left"
        ? t(`${shown.length} 处遗留`, `${shown.length} residuals`)
        : t(`${tasks} 项任务 · 待复核 ${review}`, `${tasks} tasks · ${review} for review`));
      box.replaceChildren();
      made = 0;
      current = null;
      fill(FIRST);
      if (!shown.length) box.append(el("p", { class: "empty" }, t("没有记录。", "No records.")));
    }

    function element(card) {
      fill(shown.indexOf(card) + 1);
      return document.getElementById(`card-${card.ref}`);
    }

    function close() {
      box.querySelectorAll(".card.open").forEach((card) => {
        card.classList.remove("open");
        card.querySelectorAll(".inside").forEach((inside) => inside.remove());
      });
    }

    /** Open the card of a record (or of the record a part belongs to); filters that hide it are lifted. */
    function open(ref, { focus = true } = {}) {
      const card = byRef.get(ref);
      if (!card) return false;
      if (!shown.includes(card)) {
        document.getElementById("q").value = "";
        document.getElementById("show").value = card.kind === "residual" ? "left" : "all";
        draw();
      }
      close();
      current = card;
      const place = element(card);
      place.classList.add("open");
      place.append(GONGBAO.card.more(card, tools));
      const part = ref === card.ref ? null : place.querySelector(`[data-ref="${ref}"]`);
      if (part) part.classList.add("chosen");
      if (focus) place.focus({ preventScroll: true });
      (part || place).scrollIntoView({ block: "nearest" });
      chosen(card, part ? ref : null);
      return true;
    }

    /** The card anew, after a decision. */
    function refresh(card) {
      const old = card && document.getElementById(`card-${card.ref}`);
      if (!old) return;
      const made = GONGBAO.card.make(card, tools), held = old.contains(document.activeElement);
      if (old.classList.contains("open")) {
        made.classList.add("open");
        made.append(GONGBAO.card.more(card, tools));
      }
      old.replaceWith(made);
      if (held) made.focus({ preventScroll: true });
    }

    function step(by) {
      if (!shown.length) return;
      const at = current ? shown.indexOf(current) : by > 0 ? -1 : shown.length;
      open(shown[Math.min(Math.max(at + by, 0), shown.length - 1)].ref);
    }

    box.addEventListener("click", (event) => {
      const card = event.target.closest(".card");
      if (card && !event.target.closest("button, input, summary, .inside")) open(card.dataset.ref);
    });
    return { draw, open, close, step, refresh, card: (ref) => byRef.get(ref), current: () => current };
  }

  GONGBAO.recordList = recordList;
})();
