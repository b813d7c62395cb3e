// The tray at the foot of the page: decisions that wait for export.
(function () {
  "use strict";
  const { el, t, say, store } = GONGBAO;
  const ACTIONS = { wrong: ["有误", "wrong"], edit: ["修改", "edited"], add: ["补录", "added"], confirm: ["确认", "confirmed"] };

  function entryLine(kept, entry) {
    const { action, table, quote, fields } = entry.line, [zh, en] = ACTIONS[action];
    const [tableZh, tableEn] = GONGBAO.TITLES[table];
    const changed = Object.entries(fields).map(([name, value]) => `${name} = ${Array.isArray(value) ? value.join("、") : value}`).join("；");
    return el("li", {},
      el("span", { class: `state ${action}` }, t(zh, en)), " ", el("b", {}, t(tableZh, tableEn)), " ",
      el("span", { class: "quote" }, quote.length > 40 ? `${quote.slice(0, 40)}…` : quote),
      changed ? el("small", {}, changed) : null,
      el("button", { type: "button", class: "quiet", onclick: () => kept.remove(entry) }, t("撤销", "Undo")));
  }

  function reviewer() {
    const field = el("input", { value: store.get("gongbao:by") || "", placeholder: say("可不填", "optional"), maxlength: "60" });
    field.addEventListener("change", () => store.set("gongbao:by", field.value.trim()));
    return el("label", {}, t("审核人", "Reviewer"), field);
  }

  function tray(kept) {
    const box = document.getElementById("tray");
    function draw() {
      const waiting = kept.pending(), gone = kept.exported();
      box.hidden = !waiting.length && !gone.length;
      document.body.classList.toggle("with-tray", !box.hidden);
      const wasOpen = box.querySelector("details[open]") !== null;
      box.replaceChildren(...[
        el("details", { open: wasOpen }, el("summary", {}, el("b", {}, t(`${waiting.length} 条批改待导出`, `${waiting.length} corrections to export`))),
          el("ul", {}, waiting.map((entry) => entryLine(kept, entry)))),
        reviewer(),
        kept.kept() ? null : el("span", { class: "warn" }, t("浏览器不允许保存，关闭页面前请导出", "This browser keeps nothing: export before you close the page")),
        waiting.length ? el("button", { type: "button", class: "main", id: "export", onclick: () => kept.exportLines(waiting) }, t("导出 corrections.jsonl", "Export corrections.jsonl")) : null,
        gone.length ? el("span", { class: "gone" }, t(`已导出 ${gone.length} 条`, `${gone.length} exported`), " ",
          el("button", { type: "button", class: "quiet", onclick: () => kept.exportLines(gone) }, t("再导出", "again")),
          el("button", { type: "button", class: "quiet", onclick: kept.forget }, t("清除", "forget"))) : null,
      ].filter(Boolean));
    }
    kept.onChange(draw);
    GONGBAO.onLanguage(draw);
  }

  GONGBAO.correctionTray = tray;
  GONGBAO.ACTIONS = ACTIONS;
})();
