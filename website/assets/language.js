// Runs before anything is painted, so that the page never shows the other language first.
(function () {
  "use strict";
  var chosen = "zh";
  try {
    chosen = localStorage.getItem("gongbao:language") === "en" ? "en" : "zh";
  } catch (error) {
    // No storage (a private window): Chinese, and the switch holds for this page.
  }
  document.documentElement.dataset.lang = chosen;
  document.documentElement.lang = chosen === "en" ? "en" : "zh-CN";
})();
