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

  function offerSearch(input) {
    input.parentElement.hidden = false;
    var found = document.getElementById("found");
    var rows = Array.prototype.slice.call(document.querySelectorAll("#boards tbody tr"));
    var plain = function (text) {
      return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
    };
    var texts = rows.map(function (row) { return plain(row.textContent); });
    var has = function (text, words) {
      return words.every(function (word) { return text.indexOf(word) >= 0; });
    };
    var search = function () {
      var words = plain(input.value).split(/\s+/).filter(Boolean);
      var count = 0;
      rows.forEach(function (row, place) {
        var fits = has(texts[place], words);
        row.hidden = !fits;
        if (!fits) return;
        count += 1;
        row.querySelectorAll("li").forEach(function (school) {
          school.classList.toggle("hit", words.length > 0 && has(plain(school.textContent), words));
        });
      });
      found.textContent = count + " " + found.dataset.of + " " + rows.length + " " + found.dataset.unit;
    };
    input.addEventListener("input", search);
    search();
  }

  document.addEventListener("DOMContentLoaded", function () {
    var button = document.getElementById("theme"), input = document.getElementById("q");
    if (button) offerTheme(button);
    if (input) offerSearch(input);
  });
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (one) { one.open = true; });
  });
})();
