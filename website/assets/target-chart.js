// Targets through time: choose an indicator, see its lines and its points, each with the way to its evidence.
(function () {
  "use strict";
  const { el, t, say } = GONGBAO, series = window.GONGBAO_DATA.series;
  const OPS = { "=": "", ">=": "≥", ">": ">", "<=": "≤", "<": "<", "~": "约", range: "" };
  const choices = document.getElementById("indicators"), field = document.getElementById("q");
  let shown = [], chosen = 0;

  const name = (each) => `${each.indicator}${each.per ? ` / ${each.per}` : ""}${each.unit ? `（${each.unit}）` : ""}`;
  const change = (each) => ({ increase: say("增加", "increase"), decrease: say("减少", "decrease") })[each.change] || "";

  /** Short names that tell the lines apart: what differs of region and scope. */
  function lineNames(each) {
    const regions = new Set(each.lines.map((line) => line.region));
    return each.lines.map((line) => {
      const parts = [regions.size > 1 || !line.scope ? line.region : "", line.scope || ""].filter(Boolean);
      return `${parts.join(" ")}${each.lines.some((other) => other.from !== line.from) ? (line.from === "table" ? say("（附表）", " (table)") : say("（正文）", " (text)")) : ""}`;
    });
  }

  function points(each) {
    const names = lineNames(each);
    return each.lines.flatMap((line, at) => line.points.map(([day, low, high, op, printed, id, suspect]) => ({
      line: names[at], at, day: `${day}T00:00:00`, date: day, low, high, printed: `${OPS[op] || ""} ${printed}`.trim(), suspect: Boolean(suspect),
      href: `issues/${line.page}#${encodeURIComponent(id)}`,
    })));
  }

  /** A name at the last point of each line; lines that end at the same value share one. */
  function ends(values) {
    const last = values.reduce((day, point) => (point.day > day ? point.day : day), "");
    const groups = new Map();
    for (const point of values) if (point.day === last) groups.set(point.low, [...(groups.get(point.low) || []), point.line]);
    return [...groups].map(([low, names]) => ({ day: last, low, label: names.length > 3 ? `${names.slice(0, 3).join("、")}${say(` 等 ${names.length}`, ` +${names.length - 3}`)}` : names.join("、") }));
  }

  const draw = GONGBAO.chart("lines", () => {
    const each = shown[chosen];
    if (!each) return null;
    const values = points(each), many = each.lines.length > 8, named = ends(values);
    const days = [...new Set(values.map((point) => point.day))].sort();
    const colour = each.lines.length === 1 ? { value: GONGBAO.colour("accent") } : { field: "line", type: "nominal", title: null, scale: { scheme: many ? "tableau20" : "tableau10" }, legend: { columns: window.innerWidth < 600 ? 2 : 6, symbolLimit: 40, symbolType: "stroke", symbolStrokeWidth: 3 } };
    const encoding = {
      x: { field: "day", type: "temporal", title: null, axis: { format: "%Y-%m", labelOverlap: true, grid: false, ...(days.length <= 8 ? { values: days } : { tickCount: 6 }) } },
      y: { field: "low", type: "quantitative", title: [each.unit, change(each)].filter(Boolean).join(" · ") || null, scale: { zero: false, nice: true } },
      color: colour,
    };
    return {
      data: { values }, height: 320, encoding,
      layer: [
        { mark: { type: "line", strokeWidth: 2 }, encoding: { detail: { field: "at" }, strokeDash: each.lines.length > 1 ? { field: "line", type: "nominal", legend: null } : { value: [1, 0] } } },
        { mark: { type: "point", size: 70, cursor: "pointer" }, encoding: {
          fill: { condition: { test: "datum.suspect", value: GONGBAO.colour("card") }, ...colour, legend: null },
          href: { field: "href" },
          tooltip: [{ field: "line", title: say("对象", "for") }, { field: "date", title: say("时点", "day") }, { field: "printed", title: say("数值", "value") }],
        } },
        // Twice, the first with a broad edge in the colour of the ground, so that lines do not run through the words.
        ...(each.lines.length > 1 && named.length <= 10 ? [GONGBAO.colour("card"), null].map((edge) => ({
          data: { values: named },
          mark: { type: "text", align: "right", dx: -6, dy: -11, fontSize: 12, ...(edge ? { stroke: edge, strokeWidth: 5, strokeJoin: "round" } : {}) },
          encoding: { text: { field: "label" }, color: { value: edge || GONGBAO.colour("ink") } },
        })) : []),
      ],
    };
  });

  function table(each) {
    const head = el("thead", {}, el("tr", {}, [["对象", "For"], ["时点", "Day"], ["数值", "Value"], ["依据", "Evidence"]].map(([zh, en]) => el("th", { scope: "col" }, t(zh, en)))));
    const body = points(each).map((point) => el("tr", {}, el("td", {}, point.line), el("td", { class: "date" }, point.date), el("td", {}, point.printed, point.suspect ? el("span", { class: "badge review" }, t("存疑", "in doubt")) : ""), el("td", {}, el("a", { href: point.href }, t("看原文", "see the text")))));
    document.getElementById("points").replaceChildren(head, el("tbody", {}, body));
  }

  function choose(at) {
    if (!shown.length) {
      document.getElementById("chosen-name").replaceChildren(t("没有这样的指标。", "No such indicator."));
      document.getElementById("points").replaceChildren();
      draw();
      return;
    }
    chosen = Math.min(Math.max(at, 0), shown.length - 1);
    [...choices.children].forEach((item, n) => item.setAttribute("aria-selected", String(n === chosen)));
    choices.setAttribute("aria-activedescendant", `choice-${chosen}`);
    choices.children[chosen].scrollIntoView({ block: "nearest" });
    document.getElementById("chosen-name").textContent = name(shown[chosen]);
    history.replaceState(null, "", `#${encodeURIComponent(shown[chosen].indicator)}`);
    table(shown[chosen]);
    draw();
  }

  function list(first) {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    shown = series.filter((each) => words.every((word) => `${name(each)} ${each.lines.map((line) => `${line.region}${line.scope || ""}`).join(" ")}`.toLowerCase().includes(word)));
    choices.replaceChildren(...shown.map((each, at) => el("li", { role: "option", id: `choice-${at}`, onclick: () => choose(at) },
      el("span", {}, name(each)), el("small", {}, t(`${each.lines.length} 线 ${each.points} 点`, `${each.lines.length} lines, ${each.points} points`)))));
    choose(first);
  }

  choices.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    choose(chosen + by);
  });
  field.addEventListener("input", () => list(0));
  GONGBAO.keys.j = () => choose(chosen + 1);
  GONGBAO.keys.k = () => choose(chosen - 1);
  const wanted = decodeURIComponent(location.hash.slice(1));
  list(Math.max(0, series.findIndex((each) => each.indicator === wanted)));
  GONGBAO.onLanguage(() => shown[chosen] && table(shown[chosen]));
})();
