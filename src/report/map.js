"use strict";
(() => {
  const root = document.documentElement;
  const data = JSON.parse(document.getElementById("data").textContent);
  const words = data.words;
  const tip = document.getElementById("tip");
  const say = document.getElementById("say");
  const digits = new Intl.NumberFormat(data.language, { maximumSignificantDigits: 3 });
  root.classList.add("js");

  const make = (name, text) => {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const fill = (text, values) =>
    text.replace(/\{(\w+)\}/g, (all, key) => (key in values ? values[key] : all));
  const between = (low, value, high) => Math.min(Math.max(value, low), high);
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  // The figures of a neighbourhood, read from its row in the table, one list per group.
  const facts = (table, row, all) => {
    const lists = new Map();
    const said = new Set();
    const heads = table.tHead.rows[0].cells;
    for (let i = 0; i < heads.length; i++) {
      const head = heads[i];
      if (!(all ? head.dataset.full : head.dataset.tip)) continue;
      const cell = row.cells[i];
      if (!cell || cell.textContent === "") continue;
      const group = all ? Number(head.dataset.group) : 0;
      if (!lists.has(group)) {
        lists.set(group, make("dl"));
        lists.get(group).className = "facts";
      }
      const value = make("dd");
      for (const node of cell.childNodes) {
        if (node.nodeType === Node.TEXT_NODE) value.append(node.textContent);
        else if (node.nodeName === "SMALL" && node.textContent) value.append(" ", make("small", node.textContent));
        else if (node.nodeName === "ABBR") {
          value.append("–");
          if (!said.has(node.title)) value.append(" ", make("small", node.title));
          said.add(node.title);
        }
      }
      lists.get(group).append(make("dt", head.dataset.label), value);
    }
    const out = [];
    for (const [group, list] of [...lists].sort(([a], [b]) => a - b)) {
      if (group) out.push(make("h4", words.groups[group - 1]));
      out.push(list);
    }
    return out;
  };

  const place = (event) => {
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    const right = event.clientX + 16 + box.width > innerWidth;
    const below = event.clientY + 16 + box.height > innerHeight;
    const x = right ? event.clientX - 12 - box.width : event.clientX + 16;
    const y = below ? event.clientY - 12 - box.height : event.clientY + 16;
    tip.style.transform = `translate(${Math.max(4, x)}px,${Math.max(4, y)}px)`;
  };

  // The cells of a theme by their place in the grid.
  const unpack = (cells) => {
    if (!cells) return null;
    const at = new Map();
    let index = 0;
    cells.step.forEach((step, i) => at.set((index += step), i));
    return { ...cells, at };
  };

  class Theme {
    constructor(section, theme) {
      this.section = section;
      this.map = data.maps[theme.map];
      this.mapNumber = theme.map;
      this.cells = unpack(theme.cells);
      this.figure = section.querySelector(".map");
      this.view = section.querySelector(".view");
      this.svg = section.querySelector(".chart");
      this.table = section.querySelector("table");
      this.scroll = section.querySelector(".scroll");
      this.detail = section.querySelector(".detail");
      this.body = this.table.tBodies[0];
      this.rows = [];
      for (const row of this.body.rows) this.rows[row.dataset.i] = row;
      this.picked = -1;
      this.pointers = new Map();
      this.far = true;
      for (const title of this.svg.querySelectorAll("use > title")) title.remove();
      this.listenMap();
      this.listenTable();
      new ResizeObserver(() => this.resize()).observe(this.svg);
    }

    // --- the window on the map -------------------------------------------------------------

    resize() {
      const { clientWidth: width, clientHeight: height } = this.svg;
      if (!width || !height) return;
      this.size = { width, height };
      const pad = 14;
      const { width: w, height: h } = this.map;
      this.least = Math.max(w / (width - 2 * pad), h / (height - 2 * pad));
      if (this.far || !this.units) {
        this.units = this.least;
        this.x = w / 2;
        this.y = h / 2;
      }
      this.draw();
    }

    // this.units: units of the drawing per pixel; (this.x, this.y): the middle of the window.
    draw() {
      if (!this.size) return;
      const { width, height } = this.size;
      const finest = Math.min(this.least, 150 / this.map.metres / width);
      this.units = between(finest, this.units, this.least);
      this.far = this.units > this.least * 0.999;
      const [w, h] = [this.units * width, this.units * height];
      const hold = (middle, window, whole) =>
        window >= whole ? whole / 2 : between(window / 2, middle, whole - window / 2);
      const margin = 14 * this.units;
      this.x = hold(this.x + margin, w, this.map.width + 2 * margin) - margin;
      this.y = hold(this.y + margin, h, this.map.height + 2 * margin) - margin;
      const [left, top] = [this.x - w / 2, this.y - h / 2];
      this.svg.setAttribute("viewBox", `${left} ${top} ${w} ${h}`);
      this.view.classList.toggle("near", !this.far);
      const scaled = (element, x, y) =>
        element.setAttribute("transform", `translate(${x} ${y}) scale(${this.units})`);
      for (const mark of this.svg.querySelectorAll(".mark")) {
        scaled(mark, mark.dataset.x, mark.dataset.y);
      }
      for (const weave of document.querySelectorAll(".weave")) {
        weave.setAttribute("patternTransform", `scale(${this.units})`);
      }
      const bar = this.svg.querySelector(".scale");
      const most = 130 * this.units * this.map.metres;
      const power = 10 ** Math.floor(Math.log10(most));
      const metres = [5, 2, 1].find((n) => n * power <= most) * power;
      const length = metres / this.map.metres / this.units;
      for (const path of bar.querySelectorAll("path")) path.setAttribute("d", `M0-5V0H${length}V-5`);
      bar.querySelector("text").textContent =
        metres >= 1000 ? `${digits.format(metres / 1000)} km` : `${digits.format(metres)} m`;
      scaled(bar, left + 14 * this.units, top + h - 12 * this.units);
      const north = this.svg.querySelector(".north");
      if (north) scaled(north, left + w - 24 * this.units, top + h - 22 * this.units);
    }

    // Zooms by a factor, keeping the place under a point of the screen.
    zoom(factor, clientX, clientY) {
      const box = this.svg.getBoundingClientRect();
      const dx = (clientX ?? box.left + box.width / 2) - box.left - box.width / 2;
      const dy = (clientY ?? box.top + box.height / 2) - box.top - box.height / 2;
      const finest = Math.min(this.least, 150 / this.map.metres / this.size.width);
      const units = between(finest, this.units / factor, this.least);
      this.x += dx * (this.units - units);
      this.y += dy * (this.units - units);
      this.units = units;
      this.draw();
    }

    move(dx, dy) {
      this.x -= dx * this.units;
      this.y -= dy * this.units;
      this.draw();
    }

    whole() {
      this.far = true;
      this.units = 0;
      this.resize();
    }

    listenMap() {
      const { svg, view } = this;
      this.section.querySelector(".zooms").addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (button) this.command(button.dataset.zoom);
      });
      for (const input of this.section.querySelectorAll(".layers input")) {
        input.addEventListener("change", () => show.layer(input.value));
      }
      view.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.target !== view) return;
        if (this.command(event.key)) event.preventDefault();
      });
      svg.addEventListener(
        "wheel",
        (event) => {
          const factor = Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016));
          // Scrolling down over the whole map scrolls the page.
          if (factor < 1 && this.far) return;
          event.preventDefault();
          this.zoom(between(0.4, factor, 2.5), event.clientX, event.clientY);
          this.leave();
        },
        { passive: false },
      );
      svg.addEventListener("dblclick", (event) => this.zoom(2, event.clientX, event.clientY));
      svg.addEventListener("pointerdown", (event) => {
        if (event.button !== 0) return;
        this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
        if (this.pointers.size === 1) this.travelled = 0;
      });
      svg.addEventListener("pointermove", (event) => {
        const last = this.pointers.get(event.pointerId);
        if (!last) {
          if (event.pointerType === "mouse") this.point(event);
          return;
        }
        const now = { x: event.clientX, y: event.clientY };
        const [dx, dy] = [now.x - last.x, now.y - last.y];
        this.travelled += Math.hypot(dx, dy);
        if (this.travelled > 4 && !svg.hasPointerCapture(event.pointerId)) {
          svg.setPointerCapture(event.pointerId);
          svg.classList.add("drag");
          this.leave();
        }
        const others = [...this.pointers].filter(([id]) => id !== event.pointerId);
        if (others.length === 0) {
          if (!(this.far && event.pointerType === "touch")) this.move(dx, dy);
        } else {
          const other = others[0][1];
          const before = Math.hypot(last.x - other.x, last.y - other.y);
          const after = Math.hypot(now.x - other.x, now.y - other.y);
          this.move(dx / 2, dy / 2);
          if (before > 0) this.zoom(after / before, (now.x + other.x) / 2, (now.y + other.y) / 2);
        }
        this.pointers.set(event.pointerId, now);
      });
      const up = (event) => {
        this.pointers.delete(event.pointerId);
        if (this.pointers.size === 0) svg.classList.remove("drag");
      };
      svg.addEventListener("pointerup", up);
      svg.addEventListener("pointercancel", up);
      svg.addEventListener("pointerleave", () => this.leave());
      svg.addEventListener("click", (event) => {
        if (this.travelled > 4) return;
        const area = event.target.closest("use[data-i]");
        if (area) this.pick(Number(area.dataset.i), "map");
        else this.pick(-1);
      });
      this.detail.addEventListener("click", (event) => {
        if (event.target.closest("button")) this.pick(-1);
      });
    }

    command(key) {
      const step = 60;
      const moves = {
        ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step],
      };
      if (key === "+" || key === "=") this.zoom(1.5);
      else if (key === "-" || key === "_") this.zoom(1 / 1.5);
      else if (key === "0") this.whole();
      else if (key === "Escape" && this.picked >= 0) this.pick(-1);
      else if (key in moves && !this.far) this.move(...moves[key]);
      else return false;
      return true;
    }

    // --- pointing and picking --------------------------------------------------------------

    point(event) {
      const area = event.target.closest("use[data-i]");
      const layer = this.figure.dataset.layer;
      const cell = layer === "density" || layer === "cells" ? this.cellAt(event) : null;
      const i = area ? Number(area.dataset.i) : -1;
      if (!cell && (i < 0 || i === this.picked)) return this.leave();
      const key = `${i} ${cell ? cell.index : ""} ${layer}`;
      if (this.pointed !== key) {
        this.pointed = key;
        this.hover(i);
        tip.replaceChildren();
        if (cell) tip.append(make("b", fill(words.cell, { size: digits.format(this.cells.size) })), cell.facts);
        if (area) {
          tip.append(make("b", this.rows[i].dataset.name));
          if (!cell) tip.append(...facts(this.table, this.rows[i], false));
        }
      }
      place(event);
    }

    cellAt(event) {
      const cells = this.cells;
      if (!cells) return null;
      const box = this.svg.getBoundingClientRect();
      const x = this.x + (event.clientX - box.left - box.width / 2) * this.units;
      const y = this.y + (event.clientY - box.top - box.height / 2) * this.units;
      const col = Math.floor((x - cells.left) / cells.side);
      const row = Math.floor((y - cells.top) / cells.side);
      if (col < 0 || col >= cells.cols || row < 0) return null;
      const index = cells.at.get(row * cells.cols + col);
      if (index === undefined) return null;
      const list = make("dl");
      list.className = "facts";
      const line = (name, value) => list.append(make("dt", name), make("dd", value));
      line(words.count, digits.format(cells.count[index]));
      const density = cells.density[index];
      line(words.density, density === null ? "–" : digits.format(density));
      const kind = cells.kind[index];
      line(words.hotspot, kind === "x" ? "–" : words.classes[kind]);
      return { index, facts: list };
    }

    hover(i) {
      this.svg.querySelector(".hover").setAttribute("href", i < 0 ? "" : `#m${this.mapNumber}a${i}`);
      this.body.querySelector(".over")?.classList.remove("over");
      if (i >= 0) this.rows[i].classList.add("over");
    }

    leave() {
      if (this.pointed === undefined) return;
      this.pointed = undefined;
      tip.hidden = true;
      this.hover(-1);
    }

    pick(i, from) {
      if (i === this.picked) i = -1;
      this.picked = i;
      this.svg.querySelector(".picked").setAttribute("href", i < 0 ? "" : `#m${this.mapNumber}a${i}`);
      this.body.querySelector(".picked")?.classList.remove("picked");
      this.detail.hidden = i < 0;
      if (i < 0) return;
      const row = this.rows[i];
      row.classList.add("picked");
      const close = make("button", "×");
      close.type = "button";
      close.setAttribute("aria-label", words.close);
      this.detail.replaceChildren(close, make("h3", row.dataset.name), make("p", row.dataset.code));
      const reason = row.querySelector(".why")?.textContent;
      if (reason) {
        const why = make("p", reason);
        why.className = "why";
        this.detail.append(why);
      }
      const line = row.querySelector(".spark");
      if (line) this.detail.append(line.cloneNode(true));
      this.detail.append(...facts(this.table, row, true));
      this.detail.scrollTop = 0;
      const spoken = [...this.detail.querySelectorAll("dt")].slice(0, 6);
      say.textContent = [
        row.dataset.name,
        ...spoken.map((dt) => `${dt.textContent} ${dt.nextSibling.textContent}`),
      ].join(", ");
      this.leave();
      const box = document.getElementById(`m${this.mapNumber}a${i}`).getBBox();
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      this.detail.classList.toggle("left", x > this.x);
      if (from === "map") {
        // On a phone the details cover the lower half of the screen.
        if (innerWidth <= 640) this.view.scrollIntoView({ block: "start" });
        if (this.scroll.scrollHeight > this.scroll.clientHeight + 4) {
          this.scroll.scrollTop = row.offsetTop - this.scroll.clientHeight / 2;
        }
      } else {
        const { width, height } = this.size;
        const away =
          Math.abs(x - this.x) > (width / 2) * this.units || Math.abs(y - this.y) > (height / 2) * this.units;
        if (away) {
          this.x = x;
          this.y = y;
          this.draw();
        }
      }
    }

    // --- the table -------------------------------------------------------------------------

    listenTable() {
      const { table, body, section } = this;
      [...table.tHead.rows[0].cells].forEach((head, column) => {
        const button = make("button");
        button.type = "button";
        button.append(...head.childNodes);
        head.append(button);
        button.addEventListener("click", () => this.sort(head, column));
      });
      for (const row of body.rows) {
        const head = row.querySelector("th");
        const button = make("button");
        button.type = "button";
        button.append(head.firstChild);
        head.prepend(button);
      }
      body.addEventListener("click", (event) => {
        const row = event.target.closest("tr[data-i]");
        if (row && !String(getSelection())) this.pick(Number(row.dataset.i), "table");
      });
      body.addEventListener("pointerover", (event) => {
        const row = event.target.closest("tr[data-i]");
        if (row && event.pointerType === "mouse") this.hover(Number(row.dataset.i));
      });
      body.addEventListener("pointerleave", () => this.hover(-1));
      body.addEventListener("focusin", (event) => {
        const row = event.target.closest("tr[data-i]");
        if (row) this.hover(Number(row.dataset.i));
      });
      body.addEventListener("focusout", () => this.hover(-1));
      table.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && this.picked >= 0) this.pick(-1);
      });
      section.querySelector("input[type=search]").addEventListener("input", (event) => {
        const wanted = plain(event.target.value.trim());
        let found = 0;
        for (const row of body.rows) {
          const text = plain(`${row.dataset.name} ${row.dataset.code}`);
          row.hidden = wanted !== "" && !text.includes(wanted);
          found += row.hidden ? 0 : 1;
        }
        say.textContent = found ? fill(words.found, { n: digits.format(found) }) : words.noMatch;
      });
      section.querySelector(".every").addEventListener("change", (event) => {
        table.classList.toggle("all", event.target.checked);
      });
    }

    sort(head, column) {
      const first = head.dataset.first || "descending";
      const other = first === "descending" ? "ascending" : "descending";
      const order = head.getAttribute("aria-sort") === first ? other : first;
      for (const cell of this.table.tHead.rows[0].cells) cell.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", order);
      const sign = order === "ascending" ? 1 : -1;
      const number = (row) => {
        const value = row.cells[column].dataset.v;
        return value === undefined || value === "" ? NaN : Number(value);
      };
      const rank = (row) => Number(row.cells[0].dataset.v);
      const rows = [...this.body.rows];
      if (head.dataset.text) {
        const compare = new Intl.Collator(data.language, { numeric: true }).compare;
        rows.sort((a, b) => sign * compare(a.cells[column].textContent, b.cells[column].textContent));
      } else {
        rows.sort((a, b) => {
          const [x, y] = [number(a), number(b)];
          if (Number.isNaN(x) || Number.isNaN(y)) {
            return Number.isNaN(x) - Number.isNaN(y) || rank(a) - rank(b);
          }
          return sign * (x - y) || rank(a) - rank(b);
        });
      }
      this.body.append(...rows);
      this.scroll.scrollTop = 0;
      say.textContent = fill(words.sorted, { column: head.dataset.label });
    }
  }

  // --- which theme and which layer -----------------------------------------------------------

  const themes = [...document.querySelectorAll(".theme")].map(
    (section, i) => new Theme(section, data.themes[i]),
  );
  const tabs = [...document.querySelectorAll(".tabs a")];
  const show = {
    current: 0,
    theme(number) {
      const before = themes[show.current];
      show.current = number;
      themes.forEach((theme, i) => (theme.section.hidden = i !== number));
      tabs.forEach((tab, i) => tab.setAttribute("aria-current", String(i === number)));
      const now = themes[number];
      if (before !== now && before.mapNumber === now.mapNumber && before.units) {
        [now.x, now.y, now.units, now.far] = [before.x, before.y, before.units, before.far];
      }
      before.leave();
      now.resize();
      document.querySelector(".skip").setAttribute("href", `#t${number}t`);
    },
    layer(name) {
      for (const theme of themes) {
        const input = theme.section.querySelector(`.layers input[value=${name}]`);
        if (!input) continue;
        input.checked = true;
        theme.figure.dataset.layer = name;
      }
    },
  };
  tabs.forEach((tab, i) =>
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      show.theme(i);
      history.replaceState(null, "", `#t${i}`);
    }),
  );
  const asked = /^#t(\d+)$/.exec(location.hash);
  show.theme(asked && themes[asked[1]] ? Number(asked[1]) : 0);
  addEventListener("beforeprint", () => {
    for (const more of document.querySelectorAll("details")) more.open = true;
  });
})();
