// Load as bars: the busiest bodies, their tasks by role.
(function () {
  "use strict";
  const { say, colour } = GONGBAO, bars = GONGBAO.pageData(), roles = window.GONGBAO_DATA.words.role;
  const ORDER = ["lead", "responsible", "support", "implement"];
  const spoken = (role) => roles[role][GONGBAO.language() === "en" ? 1 : 0];

  GONGBAO.chart("load", () => {
    if (!bars.length) return null;
    const values = bars.map((bar) => ({ ...bar, label: spoken(bar.role), place: ORDER.indexOf(bar.role), href: `departments/${bar.page}` }));
    const narrow = window.innerWidth < 600;
    return {
      data: { values }, height: 22 * new Set(bars.map((bar) => bar.page)).size,
      mark: { type: "bar", cursor: "pointer", height: { band: 0.72 } },
      encoding: {
        y: { field: "body", type: "nominal", sort: { field: "all", op: "max", order: "descending" }, title: null, axis: { labelLimit: narrow ? 150 : 280, ticks: false, domain: false } },
        x: { field: "n", type: "quantitative", title: say("任务", "tasks"), axis: { tickMinStep: 1, orient: "top", tickCount: 6 } },
        color: { field: "label", type: "nominal", title: null, legend: { columns: narrow ? 2 : 4 }, scale: { domain: ORDER.map(spoken), range: ORDER.map(colour) } },
        order: { field: "place", type: "quantitative" },
        href: { field: "href" },
        tooltip: [{ field: "body", title: say("机构", "body") }, { field: "label", title: say("角色", "role") }, { field: "n", title: say("任务", "tasks") }, { field: "all", title: say("合计", "all") }],
      },
    };
  });
})();
