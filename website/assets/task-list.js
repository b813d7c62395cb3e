// A list of any length of which only what is in sight is in the page. Rows have one height, which the style sheet sets.
(function () {
  "use strict";
  const SPARE = 8; // rows kept above and below what is in sight
  const PRINTED = 500;

  function list(container, make) {
    let items = [], height = 0, current = -1, queued = false;
    const shown = new Map();

    function measure() {
      height = parseFloat(getComputedStyle(container).getPropertyValue("--row")) || 96;
      container.style.height = `${items.length * height}px`;
    }

    function range() {
      const top = -container.getBoundingClientRect().top;
      const first = Math.max(0, Math.floor(top / height) - SPARE);
      const last = Math.min(items.length, Math.ceil((top + window.innerHeight) / height) + SPARE);
      return [first, Math.max(first, last)];
    }

    function put(at) {
      const element = make(items[at]);
      element.style.transform = `translateY(${at * height}px)`;
      element.setAttribute("aria-setsize", items.length);
      element.setAttribute("aria-posinset", at + 1);
      element.addEventListener("focusin", () => { current = at; });
      shown.set(at, element);
      container.append(element);
    }

    function draw() {
      queued = false;
      const [first, last] = range();
      for (const [at, element] of shown) {
        // The row that has the focus stays, however far it is scrolled away.
        if ((at < first || at >= last) && !element.contains(document.activeElement)) {
          element.remove();
          shown.delete(at);
        }
      }
      for (let at = first; at < last; at++) if (!shown.has(at)) put(at);
    }

    function later() {
      if (!queued) requestAnimationFrame(draw);
      queued = true;
    }

    function clear() {
      container.replaceChildren();
      shown.clear();
    }

    function set(all) {
      items = all;
      current = -1;
      clear();
      measure();
      draw();
    }

    /** Focus the next row or the one before; scroll no further than it takes. */
    function step(by) {
      if (!items.length) return;
      current = Math.min(Math.max(current + by, 0), items.length - 1);
      const top = container.getBoundingClientRect().top + current * height, head = 130;
      if (top < head) window.scrollBy(0, top - head);
      else if (top + height > window.innerHeight) window.scrollBy(0, top + height - window.innerHeight + 16);
      draw();
      shown.get(current).querySelector("a").focus({ preventScroll: true });
    }

    /** Paper has no scrolling: the first rows are laid out one after the other. */
    function print() {
      clear();
      container.classList.add("printing");
      container.style.height = "auto";
      container.append(...items.slice(0, PRINTED).map(make));
    }

    function screen() {
      container.classList.remove("printing");
      clear();
      measure();
      draw();
    }

    window.addEventListener("scroll", later, { passive: true });
    window.addEventListener("resize", () => { clear(); measure(); later(); });
    window.addEventListener("beforeprint", print);
    window.addEventListener("afterprint", screen);
    return { set, step, redraw: () => { clear(); measure(); draw(); } };
  }

  GONGBAO.taskList = list;
})();
