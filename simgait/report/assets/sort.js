"use strict";
// Sorts the table of trials by a column: each heading becomes a button, which Tab reaches and Enter
// or the space bar presses; the same again sorts the other way. What is missing stays last.
// Above it: a text, a person, a visit, a date and a verdict that rows must have to be shown.
// Without scripts the table stands in the order of the call.
(() => {
  const table = document.getElementById("trials");
  const headings = [...table.tHead.rows[0].cells];
  table.tHead.classList.add("sorts");

  function key(body, column) {
    const text = body.rows[0].cells[column].dataset.sort;
    const value = Number(text);
    return text === "" ? null : Number.isNaN(value) ? text : value;
  }
  function compare(a, b) {
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a).localeCompare(String(b), "en", { numeric: true });
  }
  function sort(column) {
    const heading = headings[column];
    const down = heading.getAttribute("aria-sort") === "ascending";
    headings.forEach((one) => one.removeAttribute("aria-sort"));
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    [...table.tBodies]
      .map((body) => ({ body, key: key(body, column) }))
      .sort((a, b) => {
        if (a.key === null || b.key === null) return (a.key === null) - (b.key === null);
        return (down ? -1 : 1) * compare(a.key, b.key);
      })
      .forEach(({ body }) => table.append(body));
  }
  headings.forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.title = "Sort by this column";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sort(column));
    heading.append(button);
  });

  const bodies = [...table.tBodies];
  const find = document.getElementById("find");
  const told = document.getElementById("shown");
  const choices = [...document.querySelectorAll("#filters select")];
  const cell = (body, name) => body.querySelector(`[data-filter="${name}"]`).innerText.trim();
  function filter() {
    const text = find.value.trim().toLowerCase();
    bodies.forEach((body) => {
      body.hidden = !(
        body.textContent.toLowerCase().includes(text) &&
        choices.every((one) => one.value === "" || cell(body, one.id) === one.value)
      );
    });
    const seen = bodies.filter((body) => !body.hidden).length;
    told.textContent = seen === bodies.length ? "" : `${seen} of ${bodies.length} rows are shown.`;
  }
  choices.forEach((one) => {
    const names = new Set(bodies.map((body) => cell(body, one.id)));
    [...names]
      .sort((a, b) => (a === "–") - (b === "–") || compare(a, b))
      .forEach((name) => one.add(new Option(name)));
    one.parentElement.hidden = names.size < 2;
    one.addEventListener("change", filter);
  });
  find.addEventListener("input", filter);
  document.getElementById("filters").hidden = bodies.length < 2;
  filter();
})();
