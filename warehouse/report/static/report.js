// Search, theme and print. Everything else works without a script.
(function () {
  "use strict";
  var root = document.documentElement;

  function stored(value) {
    try {
      if (value) localStorage.setItem("theme", value);
      return localStorage.getItem("theme");
    } catch (refused) {
      return null; // A browser may refuse storage for local files; the choice then lasts one page.
    }
  }

  var button = document.getElementById("theme");
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function current() {
    return root.dataset.theme || (dark.matches ? "dark" : "light");
  }
  function label() {
    button.textContent = current() === "dark" ? button.dataset.light : button.dataset.dark;
  }
  if (stored()) root.dataset.theme = stored();
  if (button) {
    button.hidden = false;
    label();
    button.addEventListener("click", function () {
      root.dataset.theme = current() === "dark" ? "light" : "dark";
      stored(root.dataset.theme);
      label();
    });
  }

  var input = document.getElementById("q");
  if (input) {
    input.parentElement.hidden = false;
    var found = document.getElementById("found");
    var rows = Array.prototype.slice.call(document.querySelectorAll("#boards tbody tr"));
    var plain = function (text) {
      return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
    };
    var texts = rows.map(function (row) { return plain(row.textContent); });
    var search = function () {
      var words = plain(input.value).split(/\s+/).filter(Boolean);
      var count = 0;
      rows.forEach(function (row, place) {
        var fits = words.every(function (word) { return texts[place].indexOf(word) >= 0; });
        row.hidden = !fits;
        if (fits) count += 1;
      });
      found.textContent = count + " " + found.dataset.of + " " + rows.length + " " + found.dataset.unit;
    };
    input.addEventListener("input", search);
    search();
  }

  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (one) { one.open = true; });
  });
})();
