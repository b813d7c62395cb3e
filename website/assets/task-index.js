// All tasks as columns: which of them a filter lets through, in which order. No element is touched here.
(function () {
  "use strict";
  const REVIEW = 1, BOILERPLATE = 2, REPEATS = 8;
  const ROLES = ["lead", "responsible", "support", "implement"];

  /** An index over the data of data/tasks.js; `texts` may come later (`setTexts`). */
  function index(data, today) {
    const rows = data.rows, size = rows.action.length;
    const issueOf = data.measures.map((measure) => data.documents[measure[0]][0]);
    const orders = {};
    let texts = null, haystack = null;

    function hay(n) {
      const owners = data.owners[rows.owners[n]].flat().map((body) => data.bodies[body][0]);
      const more = [rows.target[n] < 0 ? "" : data.targets[rows.target[n]], data.measures[rows.measure[n]][2],
        rows.printed[n] < 0 ? "" : data.printed[rows.printed[n]]];
      return [rows.action[n], (texts && texts[n]) || "", ...owners, ...more].join("\n").toLowerCase();
    }

    /** What a text is searched in, made once; texts that come later are taken in. */
    function warm() {
      if (haystack) return haystack;
      haystack = new Array(size);
      for (let n = 0; n < size; n++) haystack[n] = hay(n);
      return haystack;
    }

    function setTexts(all) {
      texts = all;
      haystack = null;
    }

    /** Ranks of tasks: smaller first; the order of the data where equal. */
    const RANKS = {
      text: () => 0,
      review: (n) => (rows.flags[n] & REVIEW ? 0 : 10000) + rows.confidence[n],
      // What is still to come, nearest first; then what is past, nearest first; then what has no day.
      due: (n) => (!rows.due[n] ? 1e9 : rows.due[n] >= today ? rows.due[n] : 4e8 - rows.due[n] + today),
      date: (n) => rows.due[n] || 1e9,
    };

    function order(name) {
      if (!orders[name]) {
        const rank = Float64Array.from({ length: size }, (_, n) => RANKS[name](n));
        orders[name] = Int32Array.from({ length: size }, (_, n) => n).sort((a, b) => rank[a] - rank[b] || a - b);
      }
      return orders[name];
    }

    /** Tests of whole dictionaries, so that each task costs a look-up. */
    function tests(filter) {
      const words = filter.q.toLowerCase().split(/\s+/).filter(Boolean);
      return {
        words,
        owners: ownerSets(data, filter),
        indicators: filter.indicator ? indicatorSets(data, filter.indicator) : null,
        issues: data.issues.map((issue) => fits(issue, filter)),
        rhythm: filter.rhythm ? data.recurrences.indexOf(filter.rhythm) : null,
      };
    }

    function passes(n, filter, test) {
      const due = rows.due[n], flags = rows.flags[n];
      if (filter.from && due < filter.from) return false;
      if (filter.to && (!due || due > filter.to)) return false;
      if (filter.dated && !due) return false;
      if (filter.review && !(flags & REVIEW)) return false;
      if (filter.plain && flags & (BOILERPLATE | REPEATS)) return false;
      if (test.rhythm !== null && rows.recurrence[n] !== test.rhythm) return false;
      if (!test.issues[issueOf[rows.measure[n]]]) return false;
      if (test.owners && !test.owners[rows.owners[n]]) return false;
      return !test.indicators || test.indicators[rows.indicators[n]];
    }

    /** Numbers of the tasks that pass, in the order asked for. */
    function search(filter) {
      const test = tests(filter), found = [];
      const all = order(filter.order === "due" && filter.from ? "date" : filter.order);
      const texts = test.words.length ? warm() : null;
      for (let at = 0; at < size; at++) {
        const n = all[at];
        if (!passes(n, filter, test)) continue;
        if (texts && !test.words.every((word) => texts[n].includes(word))) continue;
        found.push(n);
      }
      return found;
    }

    return { data, rows, size, issueOf, search, setTexts, warm };
  }

  /** For each set of owners whether the body is in it, in the role if one is asked for; null: any. */
  function ownerSets(data, filter) {
    if (!filter.body && !filter.page && !filter.role) return null;
    const wanted = data.bodies.map(([name, page]) => (filter.page ? page === filter.page : name.includes(filter.body || "")));
    const roles = filter.role ? [ROLES.indexOf(filter.role)] : [0, 1, 2, 3];
    return data.owners.map((set) => roles.some((role) => set[role].some((body) => wanted[body])));
  }

  function indicatorSets(data, words) {
    const wanted = data.indicators.map((indicator) => indicator.includes(words));
    return data.indicator_sets.map((set) => set.some((indicator) => wanted[indicator]));
  }

  /** Whether the issue is the one asked for and in the region asked for: a province has its cities. */
  function fits(issue, filter) {
    if (filter.issue && issue[0] !== filter.issue) return false;
    if (!filter.region) return true;
    const code = filter.region;
    if (!/^\d{6}$/.test(code)) return issue[3] === code;
    const stem = code === "000000" ? code : code.replace(/(00){1,2}$/, "");
    return issue[2].startsWith(stem);
  }

  GONGBAO.taskIndex = index;
  GONGBAO.ROLES = ROLES;
})();
