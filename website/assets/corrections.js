// What a reviewer decided, kept in this browser until it is exported as corrections.jsonl.
(function () {
  "use strict";
  const { store } = GONGBAO;

  /** `issue`: id and sha256 of the source; `points`: the text as an array of code points. */
  function corrections(issue, points) {
    const place = `gongbao:corrections:${issue.id}:${issue.sha256.slice(0, 12)}`;
    const listeners = [];
    let entries = read(), kept = true;

    function read() {
      try {
        const found = JSON.parse(store.get(place) || "[]");
        return Array.isArray(found) ? found : [];
      } catch (error) {
        return [];
      }
    }

    function save() {
      kept = store.set(place, JSON.stringify(entries));
      listeners.forEach((listener) => listener());
    }

    /** The line of a decision; `span` is [start, end] in code points. */
    function line(action, table, id, span, fields, note) {
      const [start, end] = span, words = (from, to) => points.slice(Math.max(from, 0), to).join("");
      return {
        action, table, issue_id: issue.id, id, char_start: start, char_end: end,
        quote: words(start, end), before: words(start - 20, start), after: words(end, end + 20),
        evidence: null, fields: fields || {}, note: note || "", by: store.get("gongbao:by") || null,
        at: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
      };
    }

    /** Keep a decision; one on the same record that is not exported yet gives way. */
    function put(made) {
      entries = entries.filter((entry) => entry.exported || made.id === null || entry.line.id !== made.id || entry.line.table !== made.table);
      entries.push({ line: made, exported: null });
      save();
    }

    /** Kept without telling anybody: a card made anew would lose the press that ended the writing. */
    function note(entry, words) {
      entry.line.note = words;
      kept = store.set(place, JSON.stringify(entries));
    }

    function remove(entry) {
      entries = entries.filter((each) => each !== entry);
      save();
    }

    /** The latest decision on a record, exported or not. */
    const of = (table, id) => entries.findLast((entry) => entry.line.table === table && entry.line.id === id && id !== null);
    const pending = () => entries.filter((entry) => !entry.exported);
    const exported = () => entries.filter((entry) => entry.exported);

    /** Offer the lines as a file and remember that they went out. */
    function exportLines(chosen) {
      const by = store.get("gongbao:by") || null;
      const lines = chosen.map((entry) => JSON.stringify({ ...entry.line, by: entry.line.by || by }));
      const blob = new Blob([lines.join("\n") + "\n"], { type: "application/x-ndjson" });
      const address = URL.createObjectURL(blob);
      const link = GONGBAO.el("a", { href: address, download: "corrections.jsonl" });
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(address), 10000);
      const at = new Date().toISOString();
      chosen.forEach((entry) => { entry.exported = at; });
      save();
    }

    function forget() {
      entries = pending();
      save();
    }

    // Another tab with the same page: what it keeps is not overwritten by what this one knows.
    window.addEventListener("storage", (event) => {
      if (event.key !== place) return;
      entries = read();
      listeners.forEach((listener) => listener());
    });

    return { line, put, note, remove, of, pending, exported, exportLines, forget, kept: () => kept, onChange: (listener) => listeners.push(listener) };
  }

  GONGBAO.corrections = corrections;
})();
