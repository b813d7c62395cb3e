// A task of the list as an element.
(function () {
  "use strict";
  const { el, t, word } = GONGBAO;
  const DAY = 86400000;

  /** 20241031 → a Date at midnight, local time. */
  const asDate = (number) => new Date(Math.floor(number / 10000), Math.floor(number / 100) % 100 - 1, number % 100);
  const iso = (number) => String(number).replace(/^(\d{4})(\d\d)(\d\d)$/, "$1-$2-$3");

  function distance(due, today) {
    const days = Math.round((asDate(due) - asDate(today)) / DAY);
    if (days === 0) return t("今天", "today");
    const far = Math.abs(days), months = Math.round(far / 30.4), years = Math.round(far / 36.5) / 10;
    const zh = far < 60 ? `${far} 天` : far < 700 ? `${months} 个月` : `${years} 年`;
    const en = far < 60 ? `${far} d` : far < 700 ? `${months} mo` : `${years} y`;
    return days > 0 ? t(`还有 ${zh}`, `in ${en}`) : t(`已过 ${zh}`, `${en} ago`);
  }

  function due(index, n, today) {
    const { rows, data } = index, day = rows.due[n];
    const printed = rows.printed[n] < 0 ? null : data.printed[rows.printed[n]];
    const rhythm = rows.recurrence[n] < 0 ? null : data.recurrences[rows.recurrence[n]];
    const known = window.GONGBAO_DATA.words.recurrence;
    return el("div", { class: "due" + (day && day < today ? " past" : "") },
      day ? el("time", { datetime: iso(day) }, iso(day)) : rhythm ? el("b", {}, word(known, rhythm)) : el("span", { class: "none" }, "—"),
      day ? el("small", {}, distance(day, today)) : null,
      printed ? el("small", { class: "printed", title: printed }, printed) : null);
  }

  function owners(index, n) {
    const { rows, data } = index, words = window.GONGBAO_DATA.words.role;
    const line = el("p", { class: "owners" });
    data.owners[rows.owners[n]].forEach((bodies, role) => {
      if (!bodies.length) return;
      const name = GONGBAO.ROLES[role];
      line.append(el("span", { class: "owner" }, el("span", { class: `tag ${name}` }), el("span", { class: "hidden" }, word(words, name)),
        bodies.map((body) => data.bodies[body][0]).join("、")));
    });
    return line;
  }

  function where(index, n) {
    const { rows, data, issueOf } = index, measure = data.measures[rows.measure[n]];
    const document = data.documents[measure[0]], issue = data.issues[issueOf[rows.measure[n]]];
    return el("p", { class: "where" }, el("b", {}, issue[3]), " ", `${document[1]} › ${measure[2]}`);
  }

  /** The address of the record on the page of its issue. */
  function address(index, n, root) {
    const { rows, data, issueOf } = index, measure = data.measures[rows.measure[n]];
    const issue = data.issues[issueOf[rows.measure[n]]];
    return `${root}issues/${issue[5]}#${encodeURIComponent(issue[0] + measure[1] + rows.number[n])}`;
  }

  /** The element of task `n`. */
  function row(index, n, today, root) {
    const { rows, data } = index;
    const flags = rows.flags[n];
    return el("div", { class: "row", role: "listitem" },
      due(index, n, today),
      el("div", { class: "what" },
        el("p", { class: "action" }, el("a", { class: "go", href: address(index, n, root) }, rows.action[n])),
        owners(index, n), where(index, n)),
      el("div", { class: "more" },
        rows.target[n] < 0 ? null : el("p", { class: "target", title: data.targets[rows.target[n]] }, data.targets[rows.target[n]]),
        flags & 1 ? el("span", { class: "badge review" }, t("待复核", "review")) : null,
        flags & 4 ? el("span", { class: "badge" }, t("附表", "table")) : null));
  }

  GONGBAO.taskRow = row;
  GONGBAO.isoDay = iso;
})();
