// The text: evidence of a record marked, records under a place, offsets of a selection.
(function () {
  "use strict";

  /** `open(ref)` is called with the record under a press, `selected([start, end])` with what was selected, or null. */
  function textPane(open, selected) {
    const pane = document.getElementById("text-pane"), text = document.getElementById("text");
    const places = new Map();
    for (const piece of pane.querySelectorAll("[data-r]")) {
      for (const ref of piece.dataset.r.split(" ")) {
        if (!places.has(ref)) places.set(ref, []);
        places.get(ref).push(piece);
      }
    }

    function clear() {
      pane.querySelectorAll(".active, .part-active").forEach((piece) => piece.classList.remove("active", "part-active"));
    }

    /** Mark the evidence of records, and stronger that of a part of them; bring it into sight. */
    function mark(refs, part) {
      clear();
      const found = refs.flatMap((ref) => places.get(ref) || []), inner = part ? places.get(part) || [] : [];
      found.forEach((piece) => piece.classList.add("active"));
      inner.forEach((piece) => piece.classList.add("part-active"));
      show(inner[0] || found[0]);
    }

    function show(element) {
      if (!element) return;
      const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
      element.scrollIntoView({ block: "center", behavior: calm ? "instant" : "smooth" });
    }

    /** Code points from the start of the text to a place in it; null outside. */
    function offset(node, at) {
      const line = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("p[data-o]");
      if (!line || !text.contains(line)) return null;
      const before = document.createRange();
      before.setStart(line, 0);
      before.setEnd(node, at);
      return Number(line.dataset.o) + Array.from(before.toString()).length;
    }

    /** Without the spaces and stops at either end that a hand takes along; null where nothing is left. */
    function trimmed(start, end) {
      const points = Array.from(GONGBAO.words(start, end)), idle = /^[\s，、；。：,;:]$/;
      while (points.length && idle.test(points[0])) {
        points.shift();
        start++;
      }
      while (points.length && idle.test(points[points.length - 1])) points.pop();
      return points.length ? [start, start + points.length] : null;
    }

    function selection() {
      const chosen = window.getSelection();
      if (!chosen.rangeCount || chosen.isCollapsed) return null;
      const range = chosen.getRangeAt(0);
      const start = offset(range.startContainer, range.startOffset), end = offset(range.endContainer, range.endOffset);
      return start === null || end === null ? null : trimmed(start, end);
    }

    pane.addEventListener("click", (event) => {
      const kind = event.target.closest(".legend button");
      if (kind) return toggle(kind);
      const piece = event.target.closest("[data-r]");
      if (!piece || !window.getSelection().isCollapsed) return;
      open(piece.dataset.r.split(" ")[0]);
    });

    function toggle(button) {
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", on);
      pane.classList.toggle(`without-${button.dataset.kind}`, !on);
    }

    document.addEventListener("selectionchange", () => selected(selection()));
    pane.querySelectorAll("[data-offset]").forEach((link) => link.addEventListener("click", (event) => {
      event.preventDefault();
      show([...text.querySelectorAll("p[data-o]")].findLast((line) => Number(line.dataset.o) <= Number(link.dataset.offset)));
    }));
    return { mark, clear, show };
  }

  GONGBAO.textPane = textPane;
})();
