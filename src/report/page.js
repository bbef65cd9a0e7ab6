// What a report does beyond lying there: everything in it can be read without this script.
"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // An element with its attributes; texts stay texts.
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value === true) element.setAttribute(name, "");
      else if (value !== false && value != null) element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }

  // The value of a script element that holds JSON.
  function dataOf(id) {
    const script = document.getElementById(id);
    return script ? JSON.parse(script.textContent) : null;
  }

  // Tells those who listen rather than look.
  const voice = make("p", {class: "unseen", role: "status"});
  function say(text) {
    voice.textContent = text;
  }

  // Light or dark: as the reader's system has it until a button says otherwise.
  function addThemeButton() {
    const root = document.documentElement;
    const stored = (() => {
      try { return localStorage.getItem("ecg-theme"); } catch { return null; }
    })();
    if (stored === "dark" || stored === "light") root.dataset.theme = stored;
    const isDark = () => root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    const button = make("button", {type: "button", onclick: () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      try { localStorage.setItem("ecg-theme", root.dataset.theme); } catch { /* not kept */ }
      show();
    }});
    const show = () => { button.textContent = isDark() ? "Light" : "Dark"; };
    show();
    const print = make("button", {type: "button", onclick: () => window.print()}, "Print");
    document.querySelector("header").prepend(make("div", {class: "corner"}, button, print));
  }

  // Sorts by a column: numbers before texts, what is empty last either way.
  function compare(a, b) {
    if (typeof a === "number" && typeof b === "number") return a - b;
    if (typeof a === "number") return -1;
    if (typeof b === "number") return 1;
    return a.localeCompare(b, undefined, {numeric: true});
  }

  function valueOf(cell) {
    if (cell.dataset.value !== undefined) return Number(cell.dataset.value);
    return cell.textContent.trim();
  }

  function makeSortable(table) {
    const heads = all("thead th", table);
    const body = table.tBodies[0];
    heads.forEach((head, column) => {
      const button = make("button", {type: "button", class: "sort"}, ...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const numeric = head.classList.contains("number");
        const now = head.getAttribute("aria-sort");
        // Of numbers the largest are asked for first.
        const descending = now ? now === "ascending" : numeric;
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", descending ? "descending" : "ascending");
        const rows = [...body.rows].map((row) => [valueOf(row.cells[column]), row]);
        const empty = ([value]) => value === "";
        rows.sort((a, b) => {
          if (empty(a) || empty(b)) return empty(a) - empty(b);
          return descending ? compare(b[0], a[0]) : compare(a[0], b[0]);
        });
        body.append(...rows.map(([, row]) => row));
        say(`Sorted by ${button.textContent}, ${descending ? "descending" : "ascending"}`);
      });
    });
  }

  function makeFilter(table) {
    const body = table.tBodies[0];
    const count = make("span", {class: "note"});
    const field = make("input", {type: "search", placeholder: "Search", "aria-label": "Show rows that hold"});
    field.addEventListener("input", () => {
      const wanted = field.value.trim().toLowerCase();
      let shown = 0;
      for (const row of body.rows) {
        const fits = row.textContent.toLowerCase().includes(wanted);
        row.hidden = !fits;
        shown += fits;
      }
      count.textContent = wanted ? `${shown} of ${body.rows.length}` : "";
      say(count.textContent);
    });
    table.closest(".scroll").before(make("div", {class: "tools"}, field, count));
  }

  document.body.append(voice);
  addThemeButton();
  all("table.sortable").forEach(makeSortable);
  all("table[data-filtered]").forEach(makeFilter);
})();
