// Tasks due by month (by quarter where months are too many for the width), by how finely the text states the day.
(function () {
  "use strict";
  const { say, colour } = GONGBAO, months = GONGBAO.pageData(), words = window.GONGBAO_DATA.words.precision;
  const ORDER = ["day", "month", "quarter", "half", "year", "period"];
  const NARROWEST = 5; // pixels of a bar
  const spoken = (name) => words[name][GONGBAO.language() === "en" ? 1 : 0];
  const count = (month) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;
  const named = (number) => `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, "0")}`;

  /** Spans of `size` months, each with its tasks by precision. */
  function spans(size) {
    const found = new Map();
    for (const { month, by } of months) {
      const first = Math.floor(count(month) / size) * size;
      const entry = found.get(first) || {};
      for (const [precision, n] of Object.entries(by)) entry[precision] = (entry[precision] || 0) + n;
      found.set(first, entry);
    }
    return [...found].flatMap(([first, by]) => Object.entries(by).map(([precision, n]) => ({
      start: `${named(first)}-01T00:00:00`, end: `${named(first + size)}-01T00:00:00`,
      short: size === 1 ? named(first) : `${named(first)} – ${named(first + size - 1)}`,
      precision: spoken(precision), place: ORDER.indexOf(precision), n,
      href: `index.html#from=${named(first)}-01&to=${named(first + size - 1)}-31`,
    })));
  }

  GONGBAO.chart("months", () => {
    if (!months.length) return null;
    const width = document.getElementById("months").clientWidth - 60;
    const long = count(months[months.length - 1].month) - count(months[0].month) + 1;
    const size = [1, 3, 12].find((each) => (width / long) * each > NARROWEST) || 12;
    return {
      data: { values: spans(size) }, height: 220,
      mark: { type: "bar", orient: "vertical", cursor: "pointer", binSpacing: 1 },
      encoding: {
        x: { field: "start", type: "temporal", bandPosition: 0, title: null, axis: { format: "%Y", labelAngle: 0, labelOverlap: true, labelSeparation: 10, grid: false, tickCount: "year", labelAlign: "left", labelOffset: 2, labelBound: true } },
        x2: { field: "end" },
        y: { field: "n", type: "quantitative", stack: "zero", title: say("任务", "tasks"), axis: { tickMinStep: 1 } },
        color: { field: "precision", type: "nominal", title: say("期限精确到", "stated to the"), scale: { domain: ORDER.map(spoken), range: ["accent", "time", "number", "support", "lead", "left"].map(colour) } },
        order: { field: "place", type: "quantitative" },
        href: { field: "href" },
        tooltip: [{ field: "short", title: say("月份", "months") }, { field: "precision", title: say("精度", "stated to") }, { field: "n", title: say("任务", "tasks") }],
      },
    };
  });
})();
