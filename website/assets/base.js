// What every page uses: elements from data (text only, never markup), both languages, storage.
(function () {
  "use strict";

  const listeners = [];

  /** An element with properties and children. Texts become text nodes: nothing of the data is read as HTML. */
  function el(tag, properties, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(properties || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (name in made && typeof value !== "string") made[name] = value;
      else made.setAttribute(name === "className" ? "class" : name, value === true ? "" : value);
    }
    made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
    return made;
  }

  /** A text in both languages; style sheets show the chosen one. */
  function t(chinese, english) {
    const made = document.createDocumentFragment();
    made.append(el("span", { class: "zh", lang: "zh-CN" }, String(chinese)));
    made.append(el("span", { class: "en", lang: "en" }, String(english)));
    return made;
  }

  const language = () => document.documentElement.dataset.lang;
  const say = (chinese, english) => (language() === "en" ? english : chinese);

  /** Calls `listener` now and whenever the language changes. */
  function onLanguage(listener) {
    listeners.push(listener);
    listener();
  }

  function setLanguage(chosen) {
    document.documentElement.dataset.lang = chosen;
    document.documentElement.lang = chosen === "en" ? "en" : "zh-CN";
    store.set("gongbao:language", chosen);
    listeners.forEach((listener) => listener());
  }

  /** localStorage that answers null where there is none; `set` says whether it was kept. */
  const store = {
    get(key) {
      try {
        return localStorage.getItem(key);
      } catch (error) {
        return null;
      }
    },
    set(key, value) {
      try {
        localStorage.setItem(key, value);
        return true;
      } catch (error) {
        return false;
      }
    },
  };

  /** What the page carries as JSON. */
  function pageData() {
    const block = document.getElementById("page-data");
    return block ? JSON.parse(block.textContent) : null;
  }

  /** What a value of a vocabulary means, in both languages. */
  function word(vocabulary, value) {
    const found = (vocabulary || {})[value] || rhythm(value || "");
    return found ? t(found[0], found[1]) : document.createTextNode(value || "");
  }

  const SPANS = { years: "年", quarters: "季度", months: "个月", weeks: "周", days: "天" };

  /** every 2 years → 每2年: the part of the vocabulary that is a form. */
  function rhythm(value) {
    const [, number, span] = /^every (\d+) (years|quarters|months|weeks|days)$/.exec(value) || [];
    return span ? [`每${number}${SPANS[span]}`, value] : null;
  }

  function labelAll() {
    for (const each of document.querySelectorAll("[data-zh-label]")) {
      const label = say(each.dataset.zhLabel, each.dataset.enLabel);
      each.setAttribute("aria-label", label);
      if (each.tagName === "INPUT") each.placeholder = label;
      else if (each.tagName === "BUTTON") each.title = label;
    }
    for (const select of document.querySelectorAll("select[data-options]")) {
      const options = select.dataset.options.split(";").map((option) => option.split("|"));
      fillSelect(select, options.map(([value, zh, en]) => [value, say(zh, en)]));
    }
  }

  /** Options of a select; what is chosen stays chosen. */
  function fillSelect(select, options) {
    const chosen = select.value;
    select.replaceChildren(...options.map(([value, label]) => el("option", { value }, label)));
    if (options.some(([value]) => value === chosen)) select.value = chosen;
  }

  document.getElementById("language").addEventListener("click", () => setLanguage(language() === "en" ? "zh" : "en"));
  onLanguage(labelAll);

  window.GONGBAO = { el, t, say, language, onLanguage, store, pageData, word, fillSelect };
})();
