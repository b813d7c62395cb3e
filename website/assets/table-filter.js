// Searching and sorting of lists that are in the page as they are.
(function () {
  "use strict";
  const field = document.getElementById("q");

  function items(target) {
    return target.tagName === "TABLE" ? [...target.tBodies[0].rows] : [...target.children];
  }

  function filter() {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const item of items(document.getElementById(field.dataset.filter))) {
      const text = item.textContent.toLowerCase();
      item.hidden = !words.every((word) => text.includes(word));
    }
  }

  /** Rows by the number of a column, the largest first; a second press turns it round. */
  function sort(button) {
    const head = button.closest("th"), table = head.closest("table"), column = head.cellIndex;
    const down = head.getAttribute("aria-sort") !== "descending";
    const value = (row) => Number(row.cells[column].textContent.replaceAll(",", "")) || 0;
    const rows = [...table.tBodies[0].rows].sort((a, b) => (down ? value(b) - value(a) : value(a) - value(b)));
    table.tBodies[0].append(...rows);
    for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
  }

  if (field && document.getElementById(field.dataset.filter)) field.addEventListener("input", filter);
  document.querySelectorAll("th button").forEach((button) => button.addEventListener("click", () => sort(button)));
})();
