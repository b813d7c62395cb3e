// A record as a card: a task, what belongs to a whole measure, or a residual.
(function () {
  "use strict";
  const { el, t, word, ACTIONS } = GONGBAO;
  const PARTS = ["responsibilities", "deadlines", "targets"];
  const LETTERS = { tasks: "t", responsibilities: "r", deadlines: "d", targets: "g", residuals: "x" };
  const OPS = { "=": "", ">=": "≥", ">": "＞", "<=": "≤", "<": "＜", "~": "约", range: "" };

  const percent = (share) => `${Math.round(share * 1000) / 10}%`;

  /** 40500 → 4.05 万 where that is shorter. */
  function figure(text) {
    if (text === undefined || text === null) return "";
    const number = Number(text);
    if (Math.abs(number) >= 1e8) return `${+(number / 1e8).toFixed(6)}亿`;
    return Math.abs(number) >= 1e5 ? `${+(number / 1e4).toFixed(6)}万` : String(text);
  }

  function amount(row) {
    const unit = row.unit || "";
    if (row.op === "range") return `${figure(row.low)}–${figure(row.high)}${unit}`;
    return `${OPS[row.op] || ""} ${figure(row.low)}${unit}`.trim();
  }

  function partWords(table, row, data) {
    if (table === "responsibilities") return [el("span", { class: `tag ${row.role}` }), row.name, row.match === "unknown" || row.match === "corrected" ? el("small", { class: "warn" }, word(data.words.match, row.match)) : null];
    if (table === "deadlines") return [el("span", { class: "tag time" }), row.printed, el("small", {}, row.due_on ? ` → ${row.due_on}` : row.recurrence ? [" ", word(data.words.recurrence, row.recurrence)] : "")];
    return [el("span", { class: "tag number" }), `${row.indicator || ""} ${amount(row)}`, row.due_on ? el("small", {}, ` → ${row.due_on}`) : null];
  }

  /** Buttons that decide about a record, and what was decided. */
  function decisions(table, row, tools) {
    const entry = tools.kept.of(table, row.id), button = (name, sign, zh, en) => el("button", {
      type: "button", class: `decide ${name}`, "data-action": name, title: GONGBAO.say(zh, en),
      "aria-pressed": String(Boolean(entry && entry.line.action === name)),
      onclick: (event) => { event.stopPropagation(); tools.decide(name, table, row, entry); },
    }, el("span", { "aria-hidden": "true" }, sign), el("span", { class: "label" }, t(zh, en)));
    return el("div", { class: "decisions" },
      button("confirm", "✓", "正确", "Right"), button("wrong", "✗", "有误", "Wrong"), button("edit", "✎", "修改", "Edit"),
      entry ? el("span", { class: `state ${entry.line.action}` }, t(...ACTIONS[entry.line.action]), entry.exported ? t("（已导出）", " (exported)") : "") : null,
      entry && !entry.exported && entry.line.action === "wrong" ? why(entry, tools.kept) : null);
  }

  /** What is wrong with the record, in the reviewer's words. */
  function why(entry, kept) {
    const field = el("input", { class: "why", value: entry.line.note, placeholder: GONGBAO.say("何处有误（可不填）", "what is wrong (optional)"), "aria-label": GONGBAO.say("何处有误", "what is wrong") });
    field.addEventListener("change", () => kept.note(entry, field.value.trim()));
    return field;
  }

  function part(table, place, tools) {
    const row = tools.data.rows[table][place], ref = LETTERS[table] + place;
    return el("li", { class: "part", "data-ref": ref },
      el("button", { type: "button", class: "link", onclick: (event) => { event.stopPropagation(); tools.open(ref); } }, partWords(table, row, tools.data)),
      row.confidence === undefined ? null : el("small", { class: "sure" }, percent(row.confidence)),
      decisions(table, row, tools));
  }

  function rules(row, notes) {
    const found = Object.entries(row.rules || {});
    if (!found.length) return null;
    return el("details", { class: "rules" }, el("summary", {}, t("由哪些规则得出", "Rules that found it")),
      el("dl", {}, found.map(([field, rule]) => [el("dt", {}, el("code", {}, field)), el("dd", {}, el("code", {}, rule), notes[rule] ? ` ${notes[rule]}` : "")])));
  }

  function owners(row) {
    const roles = ["lead", "responsible", "support", "implement"].filter((role) => (row[role] || []).length);
    return roles.length ? el("p", { class: "owners" }, roles.map((role) => el("span", { class: "owner" }, el("span", { class: `tag ${role}` }), row[role].join("、")))) : null;
  }

  function when(row) {
    if (!row.deadline && !row.due_on && !row.recurrence) return null;
    return el("span", { class: "when" }, el("span", { class: "tag time" }), row.deadline || "", row.due_on ? el("b", {}, ` ${row.due_on}`) : "");
  }

  function doubts(row, data) {
    return row.review ? el("ul", { class: "doubts" }, (row.reasons || []).map((reason) => el("li", {}, el("code", {}, reason), data.doubts[reason] ? ` ${data.doubts[reason]}` : ""))) : null;
  }

  function place(row) {
    return [row.page ? t(`第 ${row.page} 页`, `p. ${row.page}`) : "", row.line ? t(` ${row.line} 行`, ` line ${row.line}`) : ""];
  }

  function task(card, tools) {
    const row = tools.data.rows.tasks[card.place];
    return [
      el("header", {}, row.review ? el("span", { class: "badge review" }, t("待复核", "review")) : null,
        row.corrected_by ? el("span", { class: "badge" }, t("已据批改", "corrected")) : null,
        row.table_id ? el("span", { class: "badge" }, t("附表", "table")) : null,
        el("span", { class: "label" }, card.measure ? `${card.measure[1]}${card.measure[2]}` : ""),
        el("meter", { min: "0", max: "1", low: "0.6", high: "0.85", optimum: "1", value: row.confidence || 0, title: `${percent(row.confidence || 0)}` }),
        el("small", { class: "sure" }, percent(row.confidence || 0))),
      el("h3", {}, row.action),
      owners(row),
      when(row) || row.target ? el("p", { class: "facts" }, when(row), row.target ? el("span", { class: "goal" }, el("span", { class: "tag number" }), row.target) : null) : null,
      doubts(row, tools.data),
      decisions("tasks", row, tools),
    ];
  }

  /** What is shown of a card once it is open. */
  function more(card, tools) {
    const row = card.kind === "task" ? tools.data.rows.tasks[card.place] : null;
    const parts = (of) => el("ul", { class: "parts" }, PARTS.flatMap((table) => (of.parts[table] || []).map((place) => part(table, place, tools))));
    return el("div", { class: "inside" },
      parts(card),
      card.shared ? [el("p", { class: "shared" }, t("整条措施共有", "Shared by the whole measure")), parts(card.shared)] : null,
      row ? rules(row, tools.data.notes) : null,
      row ? el("p", { class: "id" }, el("code", {}, row.id), " ", place(row)) : null);
  }

  function measure(card, tools) {
    const names = PARTS.map((table) => (card.parts[table] || []).length);
    return [el("header", {}, card.review ? el("span", { class: "badge review" }, t("待复核", "review")) : null, el("span", { class: "label" }, t("整条措施", "whole measure")),
      card.confidence < 1 ? el("small", { class: "sure" }, percent(card.confidence)) : null),
    el("h3", {}, card.measure ? `${card.measure[1]}${card.measure[2]}` : ""),
    el("p", { class: "facts" }, t(`责任单位 ${names[0]} · 时限 ${names[1]} · 数量 ${names[2]}`, `bodies ${names[0]} · times ${names[1]} · numbers ${names[2]}`))];
  }

  function residual(card, tools) {
    const row = tools.data.rows.residuals[card.place];
    return [el("header", {}, el("span", { class: "badge left" }, t("遗留", "left over")), el("span", { class: "label" }, word(tools.data.words.residual_kind, row.kind))),
      el("h3", {}, row.char_start === undefined ? row.reason : tools.words(row.char_start, row.char_end)),
      el("p", { class: "facts" }, el("code", {}, row.reason), tools.data.notes[row.reason] ? ` ${tools.data.notes[row.reason]}` : "")];
  }

  const MAKERS = { task, measure, residual };

  /** The element of a card; press it to see its evidence and what is inside. */
  function make(card, tools) {
    return el("article", { class: `card ${card.kind}`, id: `card-${card.ref}`, tabIndex: 0, "data-ref": card.ref }, MAKERS[card.kind](card, tools));
  }

  GONGBAO.card = { make, more, PARTS, LETTERS };
})();
