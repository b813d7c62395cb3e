// Tasks due by month, by how finely the text states the day.
(function () {
  "use strict";
  const { say, colour } = GONGBAO, months = GONGBAO.pageData(), words = window.GONGBAO_DATA.words.precision;
  const ORDER = ["day", "month", "quarter", "half", "year", "period"];
  const spoken = (name) => words[name][GONGBAO.language() === "en" ? 1 : 0];

  GONGBAO.chart("months", () => {
    const values = months.flatMap(({ month, by }) => Object.entries(by).map(([precision, n]) => ({ month: `${month}-01T00:00:00`, short: month, precision: spoken(precision), place: ORDER.indexOf(precision), n, href: `index.html#from=${month}-01&to=${month}-31` })));
    if (!values.length) return null;
    const range = ["accent", "time", "number", "support", "lead", "left"].map(colour);
    return {
      data: { values }, height: 220,
      mark: { type: "bar", cursor: "pointer", width: { band: 0.8 }, minBandSize: 5 },
      encoding: {
        x: { field: "month", type: "temporal", timeUnit: "yearmonth", title: null, axis: { format: "%Y", labelAngle: 0, labelOverlap: true, grid: false, tickCount: "year", labelAlign: "left", labelOffset: 2 } },
        y: { field: "n", type: "quantitative", title: say("任务", "tasks"), axis: { tickMinStep: 1 } },
        color: { field: "precision", type: "nominal", title: say("期限精确到", "stated to the"), scale: { domain: ORDER.map(spoken), range } },
        order: { field: "place", type: "quantitative" },
        href: { field: "href" },
        tooltip: [{ field: "short", title: say("月份", "month") }, { field: "precision", title: say("精度", "stated to") }, { field: "n", title: say("任务", "tasks") }],
      },
    };
  });
})();
