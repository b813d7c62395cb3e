// The form that edits a record or adds one: fields as the schema defines them.
(function () {
  "use strict";
  const { el, t, say } = GONGBAO;
  const TITLES = {
    tasks: ["任务", "task"], responsibilities: ["责任单位", "responsible body"], deadlines: ["时限", "deadline"], targets: ["数量", "number"],
  };
  const isList = (type) => type.startsWith("list");

  /** A value of a record as the field shows it. */
  function shown(value, type) {
    if (value === undefined || value === null) return type === "bool" ? "false" : "";
    return isList(type) ? value.join("\n") : String(value);
  }

  /** What a field holds as a correction has it: null, text, list, true or false; a number as its digits. */
  function read(text, type, nullable) {
    const words = text.trim();
    if (isList(type)) return words ? words.split(/[\n、，,；;]+/).map((each) => each.trim()).filter(Boolean) : [];
    if (type === "bool") return words === "true";
    return words === "" && nullable ? null : words;
  }

  function input(name, [zh, en, type, values], value) {
    const id = `field-${name}`, text = shown(value, type);
    const select = (options) => {
      const made = el("select", { id, name }, options.map(([key, label]) => el("option", { value: key }, label)));
      made.value = text;
      return made;
    };
    const closed = values && !Object.keys(values).some((key) => key.includes(" N "));
    if (type === "bool") return select([["false", say("否", "no")], ["true", say("是", "yes")]]);
    if (closed) {
      const spoken = (key) => (GONGBAO.language() === "en" ? values[key][1] : `${values[key][0]}`);
      return select([["", "—"], ...Object.keys(values).map((key) => [key, `${spoken(key)}  ${key}`])]);
    }
    if (type.startsWith("date")) return el("input", { id, name, type: "date", value: text });
    if (type === "decimal") return el("input", { id, name, inputmode: "decimal", pattern: "-?[0-9]{1,18}(\\.[0-9]{1,6})?", value: text });
    if (isList(type) || ["action", "condition"].includes(name)) {
      const area = el("textarea", { id, name, rows: isList(type) ? Math.max(1, (value || []).length) : 2 });
      area.value = text;
      return area;
    }
    return el("input", { id, name, value: text });
  }

  /** Fields that a row cannot be without; an unknown time, place or wording may stay empty. */
  function demand(form, fields, before, adding) {
    for (const [name, [, , type, , nullable]] of Object.entries(fields)) {
      const needed = adding ? !nullable || name === "low" : !nullable && Boolean(before[name]);
      form.elements[name].required = needed && !isList(type) && type !== "bool";
    }
  }

  /** The columns whose value is another one than before. */
  function changes(form, fields, before) {
    const found = {};
    for (const [name, [, , type, , nullable]] of Object.entries(fields)) {
      const now = read(form.elements[name].value, type, nullable);
      const was = read(shown(before[name], type), type, nullable);
      if (JSON.stringify(now) !== JSON.stringify(was)) found[name] = now;
    }
    return found;
  }

  /** Opens the form; `done(fields, note)` gets the columns that changed. */
  function open({ table, fields, before, prefilled, quote, adding, done }) {
    const dialog = document.getElementById("form"), start = { ...before, ...(prefilled || {}) };
    const [zh, en] = TITLES[table];
    const note = el("input", { name: "note", id: "field-note", "data-note": true });
    const problem = el("p", { class: "problem", role: "alert" });
    const form = el("form", { method: "dialog", class: "fields" },
      el("h2", {}, adding ? t(`补录${zh}`, `Add a ${en}`) : t(`修改${zh}`, `Edit the ${en}`)),
      el("blockquote", { lang: "zh-CN" }, quote),
      Object.entries(fields).map(([name, field]) => el("div", { class: "field" },
        el("label", { for: `field-${name}` }, t(field[0], field[1]), el("code", {}, name)), input(name, field, start[name]))),
      el("div", { class: "field" }, el("label", { for: "field-note" }, t("说明", "Note")), note),
      problem,
      el("div", { class: "buttons" },
        el("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, t("取消", "Cancel")),
        el("button", { type: "submit", class: "main" }, t("保存批改", "Keep"))));
    demand(form, fields, before, adding);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const found = changes(form, fields, before);
      if (!Object.keys(found).length) {
        problem.replaceChildren(t("没有改动。", "Nothing has changed."));
        return;
      }
      if (adding && table === "deadlines" && !["starts_on", "due_on", "recurrence"].some((name) => found[name])) {
        problem.replaceChildren(t("请填起始日、截止日或周期。", "Say when: first day, last day or rhythm."));
        return;
      }
      dialog.close();
      done(found, note.value.trim());
    });
    dialog.replaceChildren(form);
    dialog.showModal();
    const first = form.querySelector("textarea, input, select");
    if (first) first.focus();
  }

  GONGBAO.correctionForm = open;
  GONGBAO.TITLES = TITLES;
})();
