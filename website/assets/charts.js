// Vega-Lite in the fonts and colours of the site. Expressions are interpreted: the page forbids eval.
(function () {
  "use strict";
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

  function config() {
    const font = getComputedStyle(document.body).fontFamily, ink = colour("ink"), muted = colour("muted"), line = colour("line");
    return {
      background: "transparent", font, view: { stroke: null },
      axis: { labelColor: muted, titleColor: muted, gridColor: line, domainColor: line, tickColor: line, labelFontSize: 12, titleFontSize: 12, titleFontWeight: "normal", labelLimit: 260 },
      legend: { labelColor: ink, titleColor: muted, labelFontSize: 12, titleFontSize: 12, titleFontWeight: "normal", orient: "top", labelLimit: 300 },
      header: { labelColor: ink }, text: { color: ink, font },
    };
  }

  /** Draws `spec()` into the element; again when language, colours or width change. */
  function chart(id, spec) {
    const place = document.getElementById(id);
    let number = 0, view = null;
    async function draw() {
      const mine = ++number, made = spec();
      place.hidden = !made;
      if (!made) return;
      const result = await vegaEmbed(place, { $schema: "https://vega.github.io/schema/vega-lite/v6.json", config: config(), autosize: { type: "fit-x", contains: "padding" }, width: "container", ...made }, {
        actions: false, ast: true, renderer: "svg", defaultStyle: false, tooltip: { disableDefaultStyle: true }, loader: { load: () => Promise.reject(new Error("no loading")) },
      });
      if (mine !== number) return result.finalize();
      if (view) view.finalize();
      view = result;
      place.dataset.drawn = String(mine);
    }
    GONGBAO.onLanguage(draw);
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
    return draw;
  }

  GONGBAO.chart = chart;
  GONGBAO.colour = colour;
})();
