// Keys of every page: / to search, j and k through what can be opened, Esc back, ? for help.
(function () {
  "use strict";
  const { el, t } = GONGBAO;

  const SHORTCUTS = [
    ["/", "检索", "search"],
    ["j  k", "下一条、上一条", "next, previous"],
    ["Enter", "打开", "open"],
    ["Esc", "离开输入框、关闭", "leave the field, close"],
    ["?", "此帮助", "this help"],
  ];
  const MORE = { issue: [
    ["c", "确认记录正确", "confirm the record"],
    ["w", "标为有误", "mark it wrong"],
    ["e", "修改", "edit"],
    ["a", "把选中的原文补录为记录", "add the selected words as a record"],
    ["g", "在原文与记录之间切换（窄屏）", "text or records (narrow screens)"],
  ] };

  /** Pages put their own here: name of key → function. */
  GONGBAO.keys = { j: () => step(1), k: () => step(-1) };

  function step(by) {
    const all = [...document.querySelectorAll("a.go, summary")].filter((each) => each.offsetParent !== null);
    const at = all.indexOf(document.activeElement);
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
    if (next) next.focus();
  }

  function help() {
    const lines = [...SHORTCUTS, ...(MORE[document.body.className] || [])];
    const dialog = el("dialog", { class: "help", "aria-labelledby": "help-title" },
      el("h2", { id: "help-title" }, t("键盘快捷键", "Keyboard shortcuts")),
      el("dl", {}, lines.map(([key, zh, en]) => [el("dt", {}, key.split("  ").map((k) => el("kbd", {}, k))), el("dd", {}, t(zh, en))])),
      el("form", { method: "dialog" }, el("button", {}, t("关闭", "Close"))));
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }

  function writing(target) {
    return target.isContentEditable || ["TEXTAREA", "SELECT"].includes(target.tagName) ||
      (target.tagName === "INPUT" && !["checkbox", "radio", "button"].includes(target.type));
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && writing(event.target)) return event.target.blur();
    if (writing(event.target)) return;
    const query = document.getElementById("q");
    if (event.key === "/" && query) {
      event.preventDefault();
      query.focus();
      query.select();
    } else if (event.key === "?") {
      help();
    } else if (GONGBAO.keys[event.key]) {
      event.preventDefault();
      GONGBAO.keys[event.key](event);
    }
  });
  document.getElementById("keys").addEventListener("click", help);
})();
