// The page with the list of tasks: fields ↔ address ↔ list.
(function () {
  "use strict";
  const { el, t, say, onLanguage, fillSelect } = GONGBAO;
  const form = document.getElementById("find"), fixed = GONGBAO.pageData();
  const root = fixed ? "../" : "";
  const FIELDS = ["q", "body", "role", "region", "issue", "from", "to", "indicator", "order"];
  const TICKS = ["review", "dated", "plain"];

  const dayNumber = (date) => date.getFullYear() * 10000 + (date.getMonth() + 1) * 100 + date.getDate();
  const asNumber = (text) => Number(String(text || "").replaceAll("-", "")) || 0;
  const today = dayNumber(new Date());
  const index = GONGBAO.taskIndex(window.GONGBAO_DATA.tasks, today);
  const list = GONGBAO.taskList(document.getElementById("list"), (n) => GONGBAO.taskRow(index, n, today, root));
  let rhythm = "";

  function filter() {
    const value = (name) => (form.elements[name] ? form.elements[name].value.trim() : "");
    return {
      q: value("q"), body: value("body"), role: value("role"), region: value("region"), issue: value("issue"),
      indicator: value("indicator"), order: value("order") || "due", from: asNumber(value("from")), to: asNumber(value("to")),
      review: form.elements.review.checked, dated: form.elements.dated.checked, plain: form.elements.plain.checked,
      page: fixed ? fixed.page : "", rhythm,
    };
  }

  function show() {
    const found = index.search(filter());
    list.set(found);
    const count = document.getElementById("count"), all = index.size;
    const number = found.length.toLocaleString("en");
    count.replaceChildren(t(`${number} 项任务`, `${number} tasks`),
      !fixed && found.length < all ? el("span", { class: "of" }, t(`（共 ${all.toLocaleString("en")} 项）`, ` of ${all.toLocaleString("en")}`)) : "",
      rhythm ? el("button", { type: "button", class: "chip", onclick: () => { rhythm = ""; changed(); } },
        GONGBAO.word(window.GONGBAO_DATA.words.recurrence, rhythm), " ×") : "",
      found.length ? "" : el("span", { class: "empty" }, t("没有符合的任务，放宽条件再试。", "No task fits: loosen the filters.")));
  }

  function toAddress() {
    const given = new URLSearchParams();
    for (const name of FIELDS) {
      const field = form.elements[name];
      if (field && field.value && !(name === "order" && field.value === "due")) given.set(name, field.value);
    }
    for (const name of TICKS) if (form.elements[name].checked) given.set(name, "1");
    if (rhythm) given.set("rhythm", rhythm);
    const text = given.toString();
    history.replaceState(null, "", text ? `#${text}` : location.pathname);
  }

  /** A day of the address as a date field takes it: the 31st of a short month is its last. */
  function realDay(text) {
    const [whole, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) || [];
    if (!whole) return "";
    const last = new Date(year, month, 0).getDate();
    return `${year}-${month}-${String(Math.min(day, last)).padStart(2, "0")}`;
  }

  function fromAddress() {
    const given = new URLSearchParams(location.hash.slice(1));
    for (const name of FIELDS) {
      const value = given.get(name) || (name === "order" ? "due" : "");
      if (form.elements[name]) form.elements[name].value = form.elements[name].type === "date" ? realDay(value) : value;
    }
    for (const name of TICKS) form.elements[name].checked = given.has(name);
    rhythm = given.get("rhythm") || "";
  }

  function changed() {
    toAddress();
    show();
  }

  function span(kind) {
    const now = new Date(), year = now.getFullYear();
    const text = (date) => GONGBAO.isoDay(dayNumber(date));
    const spans = {
      late: ["", text(new Date(year, now.getMonth(), now.getDate() - 1))],
      quarter: [text(now), text(new Date(year, now.getMonth() + 3, now.getDate()))],
      year: [`${year}-01-01`, `${year}-12-31`],
    };
    [form.elements.from.value, form.elements.to.value] = spans[kind];
    changed();
  }

  function fill() {
    const { data } = index, words = window.GONGBAO_DATA.words.role;
    const first = (select) => ["", say(select.dataset.allZh, select.dataset.allEn)];
    const regions = new Map(data.issues.map((issue) => [issue[2] || issue[3], issue[3]]));
    const { role, region, issue } = form.elements;
    const spoken = GONGBAO.language() === "en" ? 1 : 0;
    fillSelect(role, [first(role), ...GONGBAO.ROLES.map((name) => [name, words[name][spoken]])]);
    fillSelect(region, [first(region), ...[...regions].sort((a, b) => a[0].localeCompare(b[0]))]);
    fillSelect(issue, [first(issue), ...data.issues.map((each) => [each[0], each[1]])]);
  }

  function suggest() {
    const { data } = index, options = (values) => values.map((value) => el("option", { value }));
    document.getElementById("bodies").replaceChildren(...options(data.bodies.map((body) => body[0])));
    document.getElementById("indicators").replaceChildren(...options(data.indicators));
  }

  /** Clauses are searched as well, but the first view does not wait for them. */
  function loadTexts() {
    const script = el("script", { src: `${root}data/texts.js` });
    script.addEventListener("load", () => {
      index.setTexts(window.GONGBAO_DATA.texts);
      if (filter().q) show();
      else (window.requestIdleCallback || setTimeout)(index.warm);
      document.body.dataset.texts = "ready";
    });
    document.body.append(script);
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", changed);
  form.addEventListener("reset", () => setTimeout(() => { rhythm = ""; changed(); }));
  form.querySelectorAll("[data-span]").forEach((button) => button.addEventListener("click", () => span(button.dataset.span)));
  window.addEventListener("hashchange", () => { fromAddress(); show(); });
  GONGBAO.keys.j = () => list.step(1);
  GONGBAO.keys.k = () => list.step(-1);
  form.elements.q.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    event.preventDefault();
    list.step(1);
  });

  if (window.matchMedia("(max-width: 760px)").matches) form.querySelector(".filters").open = false;
  onLanguage(fill);
  fromAddress();
  show();
  performance.mark("gongbao:first-view");
  setTimeout(() => { suggest(); loadTexts(); });
})();
