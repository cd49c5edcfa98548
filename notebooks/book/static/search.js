// The theme's search button shows "Search Ctrl+K" and is labelled "Search": whoever speaks to the computer could not name
// what they see. Without the label its text is its name.
addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll(".search-button-field")) button.removeAttribute("aria-label");
});
