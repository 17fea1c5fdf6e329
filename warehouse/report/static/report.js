// Theme, lists, two boards, charts as pictures, print. Everything else works without a script.
(function () {
  "use strict";
  var root = document.documentElement;
  var id = function (name) { return document.getElementById(name); };
  var all = function (selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); };

  function stored(value) {
    try {
      if (value) localStorage.setItem("theme", value);
      return localStorage.getItem("theme");
    } catch (refused) {
      return null; // A browser may refuse storage for local files; the choice then lasts one page.
    }
  }

  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function current() {
    return root.dataset.theme || (dark.matches ? "dark" : "light");
  }
  if (stored()) root.dataset.theme = stored(); // Before the page is drawn: no flash of the other theme.

  function offerTheme(button) {
    function label() {
      button.textContent = current() === "dark" ? button.dataset.light : button.dataset.dark;
    }
    button.hidden = false;
    label();
    button.addEventListener("click", function () {
      root.dataset.theme = current() === "dark" ? "light" : "dark";
      stored(root.dataset.theme);
      label();
    });
  }

  // The list of boards: search, province, sorting, and the first rows until more are asked for.
  function offerList(input) {
    input.parentElement.hidden = false;
    var found = id("found"), province = id("province"), more = id("more"), body = document.querySelector("#boards tbody");
    if (!body) return;
    var rows = all("tr", body), limit = window.matchMedia("(max-width: 46rem)").matches ? 4 : 24;
    var plain = function (text) {
      return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
    };
    var texts = new Map(rows.map(function (row) { return [row, plain(row.textContent + " " + row.dataset.provinces)]; }));
    var has = function (text, words) {
      return words.every(function (word) { return text.indexOf(word) >= 0; });
    };
    var show = function () {
      var words = plain(input.value).split(/\s+/).filter(Boolean), count = 0;
      rows.forEach(function (row) {
        var fits = has(texts.get(row), words) && (!province.value || row.dataset.provinces.split("|").indexOf(province.value) >= 0);
        if (fits) count += 1;
        row.hidden = !fits || count > limit;
        var hits = all("li", row).filter(function (school) {
          var hit = fits && words.length > 0 && has(plain(school.textContent), words);
          school.classList.toggle("hit", hit);
          return hit;
        });
        all("details", row).forEach(function (one) { one.open = hits.length > 0; });
      });
      found.textContent = count + " " + found.dataset.of + " " + rows.length + " " + found.dataset.unit;
      more.hidden = count <= limit;
      more.textContent = more.dataset.text + " (" + count + ")";
    };
    input.addEventListener("input", show);
    province.addEventListener("change", show);
    more.addEventListener("click", function () { limit = Infinity; show(); });
    all("#boards thead th").forEach(function (head, place) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      while (head.firstChild) button.appendChild(head.firstChild);
      head.appendChild(button);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === (place ? "descending" : "ascending") ? place === 0 : place > 0;
        all("#boards thead th").forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        rows.sort(function (one, other) {
          var a = one.cells[place].dataset.sort, b = other.cells[place].dataset.sort;
          if (a === undefined || b === undefined) return (a === undefined) - (b === undefined); // No exact value: last.
          return (down ? -1 : 1) * (place && !isNaN(a) && !isNaN(b) ? a - b : a.localeCompare(b, root.lang));
        });
        rows.forEach(function (row) { body.appendChild(row); });
        show();
      });
    });
    show();
  }

  // Two boards beside each other: the choice stands in the address, so that it can be passed on.
  function offerPair(table) {
    var data = JSON.parse(id("data").textContent), pickers = ["a", "b"].map(id), asked = new URLSearchParams(location.search);
    if (!pickers[0]) return;
    var cell = function (row, kind, text, head) {
      var made = document.createElement(kind);
      made.textContent = text;
      if (head) made.dataset.label = head.textContent;
      row.appendChild(made);
      return made;
    };
    var heads = all("thead th", table), body = table.tBodies[0];
    var show = function () {
      var chosen = pickers.map(function (picker) { return data.boards[picker.value]; }).filter(Boolean);
      body.textContent = "";
      table.hidden = !chosen.length;
      data.measures.forEach(function (measure, place) {
        if (!chosen.some(function (board) { return board.lines[place]; })) return;
        chosen.forEach(function (board, at) {
          var row = body.insertRow();
          if (!at) {
            var name = cell(row, "th", measure[0] + " " + measure[1] + " ");
            name.scope = "rowgroup";
            name.rowSpan = chosen.length;
            name.appendChild(document.createElement("code")).textContent = measure[2];
          }
          cell(row, "td", board.name + " (" + board.schools + ")", heads[1]);
          (board.lines[place] || ["–", "–", "–", "–"]).forEach(function (text, column) {
            cell(row, "td", text, heads[column + 2]).className = "n";
          });
        });
      });
      var query = pickers.map(function (picker) { return picker.value && picker.id + "=" + picker.value; }).filter(Boolean).join("&");
      try {
        history.replaceState(null, "", location.pathname + (query ? "?" + query : ""));
      } catch (refused) { /* A browser may refuse this for local files. */ }
    };
    pickers[0].closest(".pickers").hidden = false;
    pickers.forEach(function (picker) {
      picker.value = asked.get(picker.id) || "";
      picker.addEventListener("change", show);
    });
    show();
  }

  // A chart as a PNG, in the colours in which it is seen, on paper of the same theme.
  function offerPicture(link) {
    link.hidden = false;
    link.addEventListener("click", function () {
      var style = getComputedStyle(root), svg = all("svg.chart", link.closest("figure")).filter(function (one) { return one.checkVisibility(); })[0];
      var size = svg.viewBox.baseVal, canvas = document.createElement("canvas"), picture = new Image(), scale = 2;
      var text = new XMLSerializer().serializeToString(svg).replace(/var\((--[\w-]+)\)/g, function (whole, name) { return style.getPropertyValue(name).trim(); });
      text = text.replace("<svg ", '<svg width="' + size.width + '" height="' + size.height + '" ');
      canvas.width = size.width * scale;
      canvas.height = size.height * scale;
      picture.onload = function () {
        var pen = canvas.getContext("2d"), made = document.createElement("a");
        pen.fillStyle = style.getPropertyValue("--paper");
        pen.fillRect(0, 0, canvas.width, canvas.height);
        pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
        made.href = canvas.toDataURL("image/png");
        made.download = link.dataset.name;
        made.click();
      };
      picture.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    if (id("theme")) offerTheme(id("theme"));
    if (id("q")) offerList(id("q"));
    if (id("beside")) offerPair(id("beside"));
    all("button.png").forEach(offerPicture);
  });
  window.addEventListener("beforeprint", function () {
    all("details").forEach(function (one) { one.open = true; });
    all("#boards tbody tr").forEach(function (row) { row.hidden = false; });
  });
})();
