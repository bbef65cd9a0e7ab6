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

  // ECG paper: which arrangement, which marks, how large, and calipers. Its drawing counts in
  // millimetres of 25 mm/s and 10 mm/mV.
  const MS_PER_MM = 40;
  const MV_PER_MM = 0.1;

  function switchOf(viewer, name, words) {
    const box = make("input", {type: "checkbox"});
    box.checked = viewer.classList.contains(`show-${name}`);
    box.addEventListener("change", () => viewer.classList.toggle(`show-${name}`, box.checked));
    return make("label", {}, box, words);
  }

  function makeViewer(viewer) {
    const sheets = all(".sheet", viewer);
    const shown = () => sheets.find((sheet) => !sheet.hidden);
    for (const sheet of sheets) {
      sheet.tabIndex = 0;
      keepNames(sheet);
    }
    const calipers = makeCalipers(viewer, shown);
    const tools = make("div", {class: "tools", role: "toolbar", "aria-label": "ECG paper"});

    const buttons = sheets.map((sheet) => make("button", {
      type: "button", "aria-pressed": String(!sheet.hidden),
      onclick: () => {
        for (const other of sheets) other.hidden = other !== sheet;
        buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(sheets[i] === sheet)));
        // A strip that is longer than a page is scrolled at its true size.
        setZoom(sheet.dataset.sheet === "strip" ? 1 : zoom);
        calipers.clear();
      },
    }, sheet.dataset.title));
    if (sheets.length > 1) tools.append(...buttons);

    // 0: as wide as there is room; else how many millimetres on the screen are one on paper.
    let zoom = 0;
    function setZoom(wanted) {
      zoom = wanted;
      for (const svg of all("svg.paper", viewer)) {
        const width = svg.viewBox.baseVal.width;
        svg.style.width = zoom === 0 ? "" : `${width * zoom}mm`;
      }
      fit.setAttribute("aria-pressed", String(zoom === 0));
      real.setAttribute("aria-pressed", String(zoom === 1));
    }
    function zoomBy(factor) {
      const svg = shown().querySelector("svg.paper");
      const now = zoom || svg.clientWidth / (svg.viewBox.baseVal.width * 96 / 25.4);
      setZoom(Math.min(Math.max(now * factor, 0.25), 8));
    }
    const button = (words, title, action, label = null) =>
      make("button", {type: "button", "aria-label": label, title, onclick: action}, words);
    const fit = button("Fit", "As wide as there is room", () => setZoom(0));
    const real = button("1:1", "25 mm/s, as large as on paper", () => setZoom(1));
    tools.append(fit, real, button("\u2212", "Smaller", () => zoomBy(1 / 1.4), "Smaller"),
      button("+", "Larger", () => zoomBy(1.4), "Larger"));

    const marks = make("fieldset", {}, make("legend", {}, "Show"));
    const has = (selector) => viewer.querySelector(selector) !== null;
    if (has(".peaks")) marks.append(switchOf(viewer, "peaks", "peaks"));
    if (has(".waves")) marks.append(switchOf(viewer, "waves", "waves"));
    if (has(".beats")) marks.append(switchOf(viewer, "beats", "beat types"));
    if (marks.children.length > 1) tools.append(marks);

    const names = [...new Set(all(".shades", viewer).map((group) => group.dataset.name))];
    function shade(name) {
      for (const group of all(".shades", viewer)) {
        group.classList.toggle("shown", group.dataset.name === name);
      }
      for (const other of all("button[data-evidence]")) {
        other.setAttribute("aria-pressed", String(other.dataset.evidence === name));
      }
      if (select.value !== name) select.value = name;
    }
    const select = make("select", {"aria-label": "Shade what carried a decision"},
      make("option", {value: ""}, "no evidence"),
      ...names.map((name) => make("option", {value: name}, `evidence for ${name}`)));
    select.addEventListener("change", () => shade(select.value));
    for (const other of all("button[data-evidence]")) {
      other.setAttribute("aria-pressed", "false");
      other.addEventListener("click", () => {
        shade(select.value === other.dataset.evidence ? "" : other.dataset.evidence);
        if (select.value) viewer.scrollIntoView({behavior: "smooth"});
      });
    }
    if (names.length) tools.append(select);
    tools.append(calipers.button, calipers.reading);
    viewer.prepend(tools);
    setZoom(0);
  }

  // Where a lead has a row of its own, its name goes along when the row is scrolled.
  function keepNames(sheet) {
    const svg = sheet.querySelector("svg.paper");
    const names = all("g.name", sheet);
    if (!svg || !["rows", "strip", "episode"].includes(sheet.dataset.sheet)) return;
    const place = () => {
      const scale = svg.clientWidth / svg.viewBox.baseVal.width;
      const along = scale > 0 ? sheet.scrollLeft / scale : 0;
      for (const name of names) {
        if (along < 1) name.removeAttribute("transform");
        else name.setAttribute("transform", `translate(${along.toFixed(2)} 0)`);
        name.classList.toggle("along", along >= 1);
      }
    };
    sheet.addEventListener("scroll", place, {passive: true});
    new ResizeObserver(place).observe(svg);
    window.addEventListener("beforeprint", () => {
      for (const name of names) name.removeAttribute("transform");
    });
    window.addEventListener("afterprint", place);
  }

  // Two corners on the paper: drawn by the pointer, moved by the arrow keys.
  function makeCalipers(viewer, shown) {
    const NS = "http://www.w3.org/2000/svg";
    const reading = make("output", {class: "reading", role: "status"});
    const button = make("button", {type: "button", "aria-pressed": "false", onclick: () => {
      const on = viewer.classList.toggle("measuring");
      button.setAttribute("aria-pressed", String(on));
      if (on) { begin(); shown().focus({preventScroll: true}); } else clear();
    }}, "Calipers");
    let from = null, to = null, group = null;

    function clear() {
      group?.remove();
      group = from = to = null;
      reading.textContent = "";
      if (viewer.classList.contains("measuring")) begin();
    }
    // In the middle of what is seen: a second wide, a millivolt high.
    function begin() {
      const sheet = shown();
      const svg = sheet.querySelector("svg.paper");
      const box = sheet.getBoundingClientRect();
      const middle = placeOf(svg, {clientX: box.left + box.width / 2, clientY: box.top + box.height / 2});
      from = {x: middle.x - 12.5, y: middle.y - 5};
      to = {x: middle.x + 12.5, y: middle.y + 5};
      draw();
      if (!reading.dataset.told) {
        reading.dataset.told = "yes";
        say("Calipers: arrow keys move the second corner, with Shift the first");
      }
    }
    function placeOf(svg, event) {
      const matrix = svg.getScreenCTM().inverse();
      return new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
    }
    function draw() {
      const svg = shown().querySelector("svg.paper");
      if (!group || group.ownerSVGElement !== svg) {
        group?.remove();
        group = document.createElementNS(NS, "g");
        group.setAttribute("class", "calipers");
        group.append(document.createElementNS(NS, "rect"), document.createElementNS(NS, "path"));
        svg.append(group);
      }
      const [rect, path] = group.children;
      const {width, height} = svg.viewBox.baseVal;
      rect.setAttribute("x", Math.min(from.x, to.x));
      rect.setAttribute("y", Math.min(from.y, to.y));
      rect.setAttribute("width", Math.abs(to.x - from.x));
      rect.setAttribute("height", Math.abs(to.y - from.y));
      path.setAttribute("d", `M${from.x} 0V${height}M${to.x} 0V${height}` +
        `M0 ${from.y}H${width}M0 ${to.y}H${width}`);
      const ms = Math.abs(to.x - from.x) * MS_PER_MM;
      const mv = Math.abs(to.y - from.y) * MV_PER_MM;
      const rate = ms >= 200 && ms <= 3000 ? ` (${Math.round(60000 / ms)}/min)` : "";
      reading.textContent = `${Math.round(ms)} ms${rate}, ${mv.toFixed(2)} mV`;
    }
    for (const sheet of all(".sheet", viewer)) {
      const svg = sheet.querySelector("svg.paper");
      svg.addEventListener("pointerdown", (event) => {
        if (!viewer.classList.contains("measuring") || event.button !== 0) return;
        event.preventDefault();
        svg.setPointerCapture(event.pointerId);
        from = to = placeOf(svg, event);
        draw();
      });
      svg.addEventListener("pointermove", (event) => {
        if (!svg.hasPointerCapture(event.pointerId)) return;
        to = placeOf(svg, event);
        draw();
      });
      sheet.addEventListener("keydown", (event) => {
        if (!viewer.classList.contains("measuring") || !from) return;
        const step = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
        if (!step) return;
        event.preventDefault();
        const size = event.ctrlKey ? 5 : 0.25;
        const moved = (place) => ({x: place.x + step[0] * size, y: place.y + step[1] * size});
        if (event.shiftKey) from = moved(from); else to = moved(to);
        draw();
      });
    }
    return {button, reading, clear};
  }

  // Many predictions: a table of which only what is seen exists, pictures that are drawn when they
  // are seen, a dialog for one recording, and ticks for labels.
  const waiting = new Map();
  window.ecgChunk = (name, data) => {
    waiting.get(name)?.(data);
    waiting.delete(name);
  };

  // Chunks by name, the last used ones kept.
  function makeLoader(folder, most) {
    const loaded = new Map();
    return (name) => {
      let chunk = loaded.get(name);
      loaded.delete(name);
      chunk ??= new Promise((resolve, reject) => {
        waiting.set(name, resolve);
        const script = make("script", {src: `${folder}/${name}.js`, onerror: () => {
          loaded.delete(name);
          reject(new Error(`${name} is missing`));
        }, onload: () => script.remove()});
        document.head.append(script);
      });
      loaded.set(name, chunk);
      if (loaded.size > most) loaded.delete(loaded.keys().next().value);
      return chunk;
    };
  }

  // Differences in steps of 0.01 mV; -128 stands for a sample that is missing.
  function samplesOf(signal) {
    const bytes = Uint8Array.from(atob(signal.steps), (c) => c.charCodeAt(0));
    const length = bytes.length / signal.leads.length;
    return signal.leads.map((lead, k) => {
      const samples = new Float32Array(length);
      let reached = 0;
      for (let i = 0; i < length; ++i) {
        const step = (bytes[k * length + i] << 24) >> 24;
        samples[i] = step === -128 ? NaN : (reached += step / 100);
      }
      return samples;
    });
  }

  const colour = (name, element) => {
    // Asked of an element, so that light or dark has been decided.
    element.style.color = `var(${name})`;
    return getComputedStyle(element).color;
  };

  // Samples from a place on, `scale` pixels a second, `mv` pixels a millivolt.
  function trace(context, samples, rate, from, seconds, left, base, scale, mv) {
    const begin = Math.round(from * rate);
    const end = Math.min(begin + Math.round(seconds * rate), samples.length);
    let joined = false;
    context.beginPath();
    for (let i = begin; i < end; ++i) {
      if (Number.isNaN(samples[i])) { joined = false; continue; }
      const x = left + (i - begin) / rate * scale;
      const y = base - samples[i] * mv;
      if (joined) context.lineTo(x, y); else context.moveTo(x, y);
      joined = true;
    }
    context.stroke();
  }

  function sized(canvas, width, height) {
    const ratio = window.devicePixelRatio || 1;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    context.lineJoin = "round";
    return context;
  }

  function drawThumb(canvas, signal) {
    const [width, height] = [220, 44];
    const context = sized(canvas, width, height);
    const [samples] = samplesOf(signal);
    context.strokeStyle = colour("--trace", canvas);
    context.lineWidth = 1;
    trace(context, samples, signal.rate, 0, 10, 0, height * 0.6, width / 10, 12);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `Lead ${signal.leads[0]}, ten seconds`);
  }

  // Columns of leads and a rhythm strip, as on paper.
  const STANDARD = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"];
  function drawPaper(canvas, signal, width) {
    const leads = samplesOf(signal);
    const place = (name) => { const at = STANDARD.indexOf(name); return at < 0 ? 99 : at; };
    const order = signal.leads.map((name, k) => k)
      .sort((a, b) => place(signal.leads[a]) - place(signal.leads[b]));
    const rows = Math.min(order.length, order.length > 3 ? 3 : order.length);
    const columns = Math.ceil(order.length / rows);
    const strip = columns > 1 ? Math.max(signal.leads.indexOf("II"), 0) : -1;
    const mm = width / 260;
    const rowHeight = 34 * mm;
    const height = (rows + (strip >= 0 ? 1 : 0)) * rowHeight;
    const context = sized(canvas, width, height);
    context.fillStyle = colour("--paper", canvas);
    context.fillRect(0, 0, width, height);
    for (const [every, name, line] of [[1, "--paper-fine", 0.5], [5, "--paper-bold", 0.8]]) {
      if (every * mm < 2.5) continue;
      context.strokeStyle = colour(name, canvas);
      context.lineWidth = line;
      context.beginPath();
      for (let x = 0; x <= 260; x += every) { context.moveTo(x * mm, 0); context.lineTo(x * mm, height); }
      for (let y = 0; y * mm <= height; y += every) { context.moveTo(0, y * mm); context.lineTo(width, y * mm); }
      context.stroke();
    }
    context.strokeStyle = context.fillStyle = colour("--trace", canvas);
    context.lineWidth = Math.max(0.3 * mm, 1);
    context.font = `${Math.max(3.5 * mm, 10)}px system-ui, sans-serif`;
    const scale = 25 * mm;
    const seconds = Math.min(leads[0].length / signal.rate, 10) / columns;
    order.forEach((k, i) => {
      const column = Math.floor(i / rows);
      const left = 5 * mm + column * seconds * scale;
      const base = (i % rows + 0.55) * rowHeight;
      trace(context, leads[k], signal.rate, column * seconds, seconds, left, base, scale, 10 * mm);
      context.fillText(signal.leads[k], left + mm, base - 9 * mm);
    });
    if (strip >= 0) {
      const base = (rows + 0.55) * rowHeight;
      trace(context, leads[strip], signal.rate, 0, 10, 5 * mm, base, scale, 10 * mm);
      context.fillText(signal.leads[strip], 6 * mm, base - 9 * mm);
    }
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `ECG of ${signal.leads.join(", ")}, 25 mm/s and 10 mm/mV before it is fitted`);
  }

  // Ticked classes by recording; kept by the browser until they are saved, where it lets us.
  function makeTicks(folder) {
    const key = `ecg-ticks-${folder.title}`;
    let ticks = new Map();
    try { ticks = new Map(JSON.parse(localStorage.getItem(key) || "[]")); } catch { /* none kept */ }
    const keep = () => {
      try { localStorage.setItem(key, JSON.stringify([...ticks])); } catch { /* not kept */ }
    };
    let saved = true;
    window.addEventListener("beforeunload", (event) => { if (!saved) event.preventDefault(); });
    return {
      of: (record) => ticks.get(record),
      set(record, classes) {
        if (classes) ticks.set(record, classes); else ticks.delete(record);
        saved = false;
        keep();
      },
      get size() { return ticks.size; },
      // A table of labels: 0 or 1 for every class of each recording that was looked at.
      save() {
        const cell = (text) => {
          const safe = /^[=+\-@\t\r]./.test(text) || /^'['=+\-@\t\r]./.test(text) ? `'${text}` : text;
          return /[",;\n\r\t]|^ | $/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
        };
        const lines = [["record", ...folder.classes.map((one) => one.short)].map(cell).join(",")];
        for (const [record, classes] of ticks) {
          lines.push([cell(record), ...folder.classes.map((one, k) => classes.includes(k) ? 1 : 0)].join(","));
        }
        const link = make("a", {download: "labels.csv", href: URL.createObjectURL(
          new Blob([lines.join("\n") + "\n"], {type: "text/csv"}))});
        link.click();
        URL.revokeObjectURL(link.href);
        saved = true;
      },
    };
  }

  async function makeFolder(folder) {
    const frame = document.getElementById("records-table");
    if (!frame) return;
    const load = makeLoader(folder.files, 60);
    const columns = {};
    const names = ["record", "found", "p", "doubt", "flags", "age", "sex", "page", "labels", "wrong",
      ...(folder.compared ? ["other", "other_p"] : [])];
    const parts = folder.files
      ? await Promise.all(Array.from({length: folder.row_chunks}, (_, i) => load(`rows-${i}`)))
      : [dataOf("rows")];
    for (const name of names) columns[name] = parts.length === 1 ? parts[0][name] : parts.flatMap((part) => part[name]);
    const inPage = folder.files ? null : dataOf("signals");
    const ticks = makeTicks(folder);
    const count = columns.record.length;
    const text = columns.record.map((record, i) => `${record} ${columns.flags[i]}`.toLowerCase());

    const signalOf = async (i) => {
      if (inPage) return inPage[i];
      const size = folder.signals_a_chunk;
      return (await load(`signals-${Math.floor(i / size)}`))[i % size];
    };
    const thumbOf = async (i) => {
      if (inPage) {
        const signal = inPage[i].signal;
        if (!signal) return null;
        // One lead's bytes of all.
        const at = Math.max(signal.leads.indexOf("II"), 0);
        const bytes = atob(signal.steps);
        const length = bytes.length / signal.leads.length;
        return {leads: [signal.leads[at]], rate: signal.rate, steps: btoa(bytes.slice(at * length, (at + 1) * length))};
      }
      const size = folder.thumbs_a_chunk;
      return (await load(`thumbs-${Math.floor(i / size)}`))[i % size];
    };

    // What is shown, in which order.
    let shown = Array.from({length: count}, (_, i) => i);
    let sorted = null;
    const state = {text: "", kind: "", k: -1};
    // Classes that one of two answers alone has; of one class, or of any.
    const alone = (list, others) => list.filter((k) => (state.k < 0 || k === state.k) && !others.includes(k));
    const here = (i) => columns.other[i] === null || columns.doubt[i] < 0 ? [] : alone(columns.found[i], columns.other[i]);
    const there = (i) => columns.other[i] === null || columns.doubt[i] < 0 ? [] : alone(columns.other[i], columns.found[i]);
    const has = (list, k) => list !== null && (k < 0 ? list.length > 0 : list.includes(k));
    const KINDS = {
      "": ["all", () => true],
      found: ["with", (i) => has(columns.found[i], state.k)],
      missed: ["missed", (i) => columns.labels[i] !== null &&
        columns.labels[i].some((k) => (state.k < 0 || k === state.k) && !columns.found[i].includes(k))],
      extra: ["found, not labelled", (i) => columns.labels[i] !== null &&
        columns.found[i].some((k) => (state.k < 0 || k === state.k) && !columns.labels[i].includes(k))],
      labelled: ["labelled", (i) => has(columns.labels[i], state.k)],
      differ: ["that differ from the others", (i) => here(i).length + there(i).length > 0],
      here: ["found here alone", (i) => here(i).length > 0],
      there: ["found by the others alone", (i) => there(i).length > 0],
      doubtful: ["doubtful or failed", (i) => columns.flags[i] !== ""],
      ticked: ["ticked by you", (i) => ticks.of(columns.record[i]) !== undefined],
    };
    const SORTS = {
      record: (i) => columns.record[i],
      found: (i) => columns.found[i].map((k) => folder.classes[k].short).join(" "),
      other: (i) => (columns.other[i] ?? []).map((k) => folder.classes[k].short).join(" "),
      labels: (i) => (columns.labels[i] ?? []).map((k) => folder.classes[k].short).join(" "),
      doubt: (i) => columns.doubt[i],
      wrong: (i) => columns.wrong[i],
      flags: (i) => columns.flags[i],
      age: (i) => columns.age[i] === "" ? "" : Number(columns.age[i]),
      sex: (i) => columns.sex[i],
    };
    function choose() {
      const fits = KINDS[state.kind][1];
      shown = [];
      for (let i = 0; i < count; ++i) {
        if ((state.text === "" || text[i].includes(state.text)) && fits(i)) shown.push(i);
      }
      if (sorted) {
        const key = SORTS[sorted.column];
        const keys = new Map(shown.map((i) => [i, key(i)]));
        const sign = sorted.descending ? -1 : 1;
        shown.sort((a, b) => {
          const [x, y] = [keys.get(a), keys.get(b)];
          if (x === "" || y === "") return (x === "") - (y === "");
          return sign * (typeof x === "number" && typeof y === "number" ? x - y : x < y ? -1 : x > y ? 1 : 0);
        });
      }
      summary.textContent = `${shown.length.toLocaleString("en")} of ${count.toLocaleString("en")}`;
      scroller.scrollTop = 0;
      draw(true);
    }

    const field = make("input", {type: "search", placeholder: "Search", "aria-label": "Search recordings and remarks",
      oninput: () => { state.text = field.value.trim().toLowerCase(); choose(); }});
    const OF_CLASSES = ["found", "missed", "extra", "labelled", "differ", "here", "there"];
    const kinds = Object.keys(KINDS).filter((kind) =>
      (folder.labelled || !["missed", "extra", "labelled"].includes(kind)) &&
      (folder.compared || !["differ", "here", "there"].includes(kind)));
    const kind = make("select", {"aria-label": "Which recordings", onchange: () => { state.kind = kind.value; choose(); }},
      ...kinds.map((one) => make("option", {value: one}, KINDS[one][0])));
    const diagnosis = make("select", {"aria-label": "Of which class", onchange: () => {
      state.k = Number(diagnosis.value);
      if (state.k >= 0 && !OF_CLASSES.includes(state.kind)) kind.value = state.kind = "found";
      choose();
    }}, make("option", {value: -1}, "any class"),
      ...folder.classes.map((one, k) => make("option", {value: k}, `${one.short}: ${one.name}`)));
    const summary = make("span", {class: "note", role: "status"});
    const save = make("button", {type: "button", class: "apart", onclick: () => ticks.save()});
    const showTicks = () => {
      save.textContent = `Save labels (${ticks.size})`;
      save.disabled = ticks.size === 0;
    };
    showTicks();
    const tools = make("div", {class: "tools"}, field, kind, diagnosis, summary, save);

    // The table: as many rows as fit, and room above and below them for the others.
    const ROW = 56;
    const heads = [["picture", "", false], ["record", "recording", true], ["found", "found", true],
      ...(folder.compared ? [["other", "the others", true]] : []),
      ...(folder.labelled ? [["labels", "labels", true], ["wrong", "surprise", true]] : []),
      ["doubt", "uncertainty", true], ["age", "age", true], ["sex", "sex", true], ["flags", "remarks", true]]
      .filter(([name]) => name !== "picture" || folder.pictures);
    const head = make("tr");
    for (const [name, title, sortable] of heads) {
      const cell = make("th", {scope: "col"});
      if (!sortable) cell.append(make("span", {class: "unseen"}, "picture"));
      else cell.append(make("button", {type: "button", class: "sort", onclick: () => {
        const numeric = ["doubt", "wrong", "age"].includes(name);
        const descending = sorted?.column === name ? !sorted.descending : numeric;
        sorted = {column: name, descending};
        for (const other of head.children) other.removeAttribute("aria-sort");
        cell.setAttribute("aria-sort", descending ? "descending" : "ascending");
        choose();
      }}, title));
      head.append(cell);
    }
    const body = make("tbody");
    const table = make("table", {class: "records", "aria-rowcount": count}, make("thead", {}, head), body);
    const scroller = make("div", {class: "scroll records", tabindex: "0", role: "region", "aria-label": "Table of recordings"}, table);
    frame.replaceWith(tools, scroller);

    // What `others`, where there are any, do not have is set apart by a sign, too.
    function chips(classes, probabilities, others = null) {
      return classes.map((k, i) => {
        const apart = others !== null && !others.includes(k);
        return make("span", {class: apart ? "tag apart-tag" : "tag",
          title: folder.classes[k].name + (apart ? ", here alone" : "")},
          (apart ? "+ " : "") + folder.classes[k].short + (probabilities ? ` ${probabilities[i].toFixed(2)}` : ""));
      });
    }
    // Of the others what differs alone.
    function othersOf(i) {
      const other = columns.other[i];
      if (other === null || columns.doubt[i] < 0) return [];
      const found = columns.found[i];
      if (other.length === found.length && other.every((k) => found.includes(k))) {
        return [make("span", {class: "note"}, "the same")];
      }
      return other.length ? chips(other, columns.other_p[i], found) : ["nothing"];
    }
    function cellOf(name, i) {
      if (name === "picture") {
        const canvas = make("canvas", {width: 220, height: 44});
        thumbOf(i).then((signal) => { if (signal && canvas.isConnected) drawThumb(canvas, signal); }).catch(() => {});
        return make("td", {class: "picture"}, canvas);
      }
      if (name === "record") {
        return make("th", {scope: "row"}, make("button", {type: "button", class: "open", onclick: () => open(i)}, columns.record[i]));
      }
      if (name === "found") return make("td", {}, ...chips(columns.found[i], columns.p[i], folder.compared ? columns.other[i] : null));
      if (name === "other") return make("td", {}, ...othersOf(i));
      if (name === "labels") return make("td", {}, ...chips(columns.labels[i] ?? []));
      if (name === "doubt") return make("td", {class: "number"}, columns.doubt[i] < 0 ? "" : columns.doubt[i].toFixed(3));
      if (name === "wrong") return make("td", {class: "number"}, columns.wrong[i] ? columns.wrong[i].toFixed(1) : "");
      if (name === "flags") return make("td", {class: columns.flags[i] ? "doubtful" : false}, columns.flags[i]);
      return make("td", {class: name === "age" ? "number" : false}, columns[name][i]);
    }
    let first = -1, last = -1;
    function draw(anew) {
      const begin = Math.max(Math.floor(scroller.scrollTop / ROW) - 4, 0);
      const end = Math.min(begin + Math.ceil(scroller.clientHeight / ROW) + 8, shown.length);
      if (!anew && begin === first && end === last) return;
      [first, last] = [begin, end];
      const room = (rows) => {
        const cell = make("td", {colspan: heads.length});
        cell.style.height = `${rows * ROW}px`;
        cell.style.padding = "0";
        return make("tr", {class: "room", "aria-hidden": "true"}, cell);
      };
      const focused = document.activeElement?.dataset?.row;
      const rows = [];
      if (begin > 0) rows.push(room(begin));
      for (let at = begin; at < end; ++at) {
        const i = shown[at];
        const row = make("tr", {"aria-rowindex": at + 1}, ...heads.map(([name]) => cellOf(name, i)));
        row.querySelector("button.open").dataset.row = i;
        rows.push(row);
      }
      if (end < shown.length) rows.push(room(shown.length - end));
      body.replaceChildren(...rows);
      if (focused !== undefined) body.querySelector(`button[data-row="${CSS.escape(focused)}"]`)?.focus({preventScroll: true});
    }
    scroller.addEventListener("scroll", () => draw(false), {passive: true});
    new ResizeObserver(() => draw(false)).observe(scroller);

    // One recording: its signals, all probabilities, ticks, and the way to the next one.
    const dialog = make("dialog", {class: "record", "aria-labelledby": "record-title"});
    document.body.append(dialog);
    let opened = -1;
    async function open(i) {
      opened = i;
      const record = columns.record[i];
      const canvas = make("canvas");
      const bars = make("div", {class: "bars"});
      const title = make("h2", {id: "record-title"}, record);
      const step = (by) => {
        const at = shown.indexOf(opened) + by;
        if (at >= 0 && at < shown.length) open(shown[at]);
      };
      const ticked = ticks.of(record);
      const boxes = folder.classes.map((one, k) => {
        const box = make("input", {type: "checkbox", checked: (ticked ?? []).includes(k)});
        box.addEventListener("change", store);
        return make("label", {title: one.name}, box, one.short);
      });
      const boxOf = (k) => boxes[k].firstChild;
      function store() {
        ticks.set(record, boxes.flatMap((label, k) => boxOf(k).checked ? [k] : []));
        looked.checked = true;
        showTicks();
      }
      const looked = make("input", {type: "checkbox", checked: ticked !== undefined});
      looked.addEventListener("change", () => {
        if (looked.checked) { store(); return; }
        ticks.set(record, null);
        boxes.forEach((label, k) => { boxOf(k).checked = false; });
        showTicks();
      });
      const button = (words, action) => make("button", {type: "button", onclick: action}, words);
      const close = button("Close", () => dialog.close());
      dialog.replaceChildren(
        make("div", {class: "tools"}, button("Previous", () => step(-1)), button("Next", () => step(1)),
          columns.page[i] ? make("a", {class: "button", href: columns.page[i]}, "Whole report") : "",
          make("span", {class: "apart"}), close),
        title,
        make("p", {class: "note"}, [columns.age[i] && `${columns.age[i]} years`, columns.sex[i], columns.flags[i]].filter(Boolean).join(", ")),
        make("div", {class: "canvas"}, canvas),
        make("p", {}, "Found: ", ...(columns.found[i].length ? chips(columns.found[i], columns.p[i], folder.compared ? columns.other[i] : null) : ["nothing"]),
          ...(folder.compared && columns.other[i] !== null ? [" The others: ", ...othersOf(i)] : []),
          ...(columns.labels[i] ? [" Labelled: ", ...chips(columns.labels[i])] : [])),
        make("fieldset", {class: "ticks"}, make("legend", {}, "Labels"), ...boxes),
        make("div", {class: "tools"}, make("label", {}, looked, "looked at: what is not ticked is not there"),
          button("As found", () => {
            boxes.forEach((label, k) => { boxOf(k).checked = columns.found[i].includes(k); });
            store();
          })),
        bars);
      if (!dialog.open) dialog.showModal();
      try {
        const {p, q, signal} = await signalOf(i);
        if (opened !== i) return;
        const width = Math.max(Math.min(dialog.clientWidth - 40, 1100), 300);
        if (signal) drawPaper(canvas, signal, width);
        else canvas.replaceWith(make("p", {class: "note"}, "No picture: the recording was not at hand or cannot be read."));
        const order = p.map((_, k) => k).sort((a, b) => p[b] - p[a]).slice(0, 8);
        bars.append(make("p", {class: "note"}, "Most probable: " + order.map((k) => `${folder.classes[k].short} ${p[k].toFixed(2)}`).join(", ")));
        if (q) {
          bars.append(make("p", {class: "note"}, "The others of these: " + order.map((k) => `${folder.classes[k].short} ${q[k].toFixed(2)}`).join(", ")));
        }
      } catch (error) {
        canvas.replaceWith(make("p", {class: "warning"}, `The file beside this page is missing: ${error.message}`));
      }
    }
    dialog.addEventListener("keydown", (event) => {
      if (event.target.matches("input, select") && event.key !== "Escape") return;
      const by = {ArrowRight: 1, ArrowLeft: -1}[event.key];
      if (!by) return;
      const at = shown.indexOf(opened) + by;
      if (at >= 0 && at < shown.length) open(shown[at]);
    });
    dialog.addEventListener("close", () => body.querySelector(`button[data-row="${opened}"]`)?.focus());
    choose();
  }

  document.body.append(voice);
  addThemeButton();
  all("table.sortable").forEach(makeSortable);
  all("table[data-filtered]").forEach(makeFilter);
  all(".viewer").forEach(makeViewer);
  const folder = dataOf("folder");
  if (folder) makeFolder(folder).catch((error) => say(error.message));
})();
