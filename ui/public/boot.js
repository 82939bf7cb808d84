// Runs before the first paint, so that the window never flashes in the wrong theme.
(function () {
  var root = document.documentElement;
  var theme = null;
  try {
    theme = localStorage.getItem("theme");
    root.dataset.density = localStorage.getItem("density") === "compact" ? "compact" : "normal";
  } catch {
    // Storage can be switched off; the defaults below hold.
  }
  if (theme !== "light" && theme !== "dark" && theme !== "contrast") {
    theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
  root.dataset.theme = theme;
})();
