// Draws the scene that the kernel sends, and sends the learner's moves. Controls are made once: focus stays where it is.

const MOVES = [
  ["undo", "Undo", "u"], ["restart", "Restart", "r"], ["end", "Run to the end", "e"],
  ["find", "Find a bad schedule", "f"], ["prove", "Prove it safe", "p"], ["stop", "Stop", "s"],
];

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function menu(label, options, chosen, changed) {
  const select = make("select", { "aria-label": label });
  for (const [value, said] of Object.entries(options)) select.append(make("option", { value }, said));
  select.value = chosen;
  select.addEventListener("change", changed);
  return select;
}

function lane(number, send) {
  const name = make("span");
  const button = make("button", { type: "button", class: "go", "data-thread": number }, name, ...(number < 9 ? [make("kbd", {}, String(number + 1))] : []));
  button.addEventListener("click", () => send({ do: "step", thread: number }));
  const parts = { button, name, why: make("div", { class: "why" }), next: make("div", { class: "next" }), code: make("ol", { class: "code" }) };
  parts.root = make("section", { "aria-label": `thread ${number}` }, button, parts.why, parts.code, parts.next);
  return parts;
}

function drawLane(parts, it, busy) {
  const waiting = { blocked: "‖ ", finished: "■ " }[it.state] ?? "";
  parts.root.className = `lane ${it.state}`;
  parts.name.textContent = `${it.can ? "▶ Step thread" : `${waiting}Thread`} ${it.number}: ${it.name}`;
  parts.button.setAttribute("aria-disabled", String(!it.can));
  parts.why.textContent = it.why ? `${waiting}${it.why}` : it.can ? "can go on" : "";
  parts.code.replaceChildren(...it.code.map((line) => {
    const number = `${line.now ? "➤" : " "}${String(line.number).padStart(3)}${line.sign.padEnd(1)} `;
    const node = make("li", { class: line.sign ? "marked" : "" }, number + line.text);
    if (line.now) node.setAttribute("aria-current", "step");
    return node;
  }));
  if (it.code.length) parts.next.replaceChildren("next bytecode: ", make("b", {}, it.bytecode));
  else parts.next.replaceChildren(it.state === "finished" ? "" : "It has not come to a line of your program yet.");
}

function drawValues(body, values) {
  body.replaceChildren(...values.map((value) => {
    const row = make("tr", { class: value.changed ? "changed" : "" });
    row.append(make("th", { scope: "row" }, value.name), make("td", {}, value.before));
    row.append(make("td", {}, value.changed ? `${value.after}  ← changed` : value.after));
    return row;
  }));
}

function render({ model, el }) {
  const state = () => model.get("state");
  const send = (message) => model.send(message);
  const settings = () => send({ do: "set", world: world.value, grain: grain.value });
  const world = menu("World", state().worlds, state().world, settings);
  const grain = menu("One step is", state().grains, state().grain, settings);
  const buttons = Object.fromEntries(MOVES.map(([name, said, key]) => {
    const button = make("button", { type: "button", "data-do": name }, said, make("kbd", {}, key));
    button.addEventListener("click", () => send({ do: name }));
    return [name, button];
  }));
  const status = make("div", { role: "status" });
  const verdict = make("div", {});
  const lanes = make("div", { class: "lanes" });
  const values = make("tbody");
  const table = make("table", { class: "values" }, make("thead", {}, make("tr", {},
    ...["shared", "before the last step", "now"].map((text) => make("th", { scope: "col" }, text)))), values);
  const text = make("input", { "aria-label": "Schedule: thread numbers", spellcheck: "false" });
  const replay = make("button", { type: "button", "data-do": "schedule" }, "Replay");
  const copy = make("button", { type: "button" }, "Copy");
  const diagram = make("div", { class: "diagram", tabindex: "0", role: "region", "aria-label": "Sequence diagram" });
  const [story, found, program] = [make("div"), make("div", { class: "found" }), make("div")];
  found.addEventListener("click", ({ target }) => target.dataset.schedule && send({ do: "schedule", text: target.dataset.schedule }));
  const play = () => send({ do: "schedule", text: text.value });
  replay.addEventListener("click", play);
  text.addEventListener("keydown", (event) => event.key === "Enter" && play());
  copy.addEventListener("click", () => { text.select(); document.execCommand("copy"); copy.focus(); });
  const goal = make("p", {}, make("b", {}, state().goal));
  const root = make("div", { class: "pvt-step", tabindex: "0", role: "group",
    "aria-label": `Be the scheduler: ${state().title}. Keys: 1 to 9 step a thread, u undo, r restart, e to the end, f find, p prove, s stop.` },
    make("h3", {}, `Be the scheduler: ${state().title}`), make("p", {}, state().story), goal,
    make("div", { class: "row" }, make("label", {}, "World: ", world), make("label", {}, "One step is ", grain),
      make("small", {}, "Click here, then the keys shown on the buttons work.")),
    lanes, make("div", { class: "row" }, ...Object.values(buttons)), status, verdict, found, table,
    make("div", { class: "row" }, make("b", {}, "Schedule"), text, replay, copy), diagram, story,
    make("details", {}, make("summary", {}, "The whole program"), program));
  let shown = [];
  const parts = [[diagram, "diagram"], [story, "story"], [found, "found"], [program, "program"]];
  const drawn = {};

  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || /INPUT|SELECT/.test(event.target.tagName)) return;
    const button = /^[1-9]$/.test(event.key) ? shown[event.key - 1]?.button
      : buttons[MOVES.find(([, , key]) => key === event.key)?.[0]];
    if (!button) return;
    event.preventDefault();
    button.click();
  });

  const draw = () => {
    const now = state();
    if (shown.length !== now.lanes.length) {
      shown = now.lanes.map((_, number) => lane(number, send));
      lanes.classList.toggle("many", shown.length > 2);
      lanes.replaceChildren(...shown.map((parts) => parts.root));
    }
    now.lanes.forEach((it, at) => drawLane(shown[at], it));
    drawValues(values, now.shared);
    status.textContent = now.status;
    verdict.className = now.verdict ? `verdict ${now.verdict.good ? "good" : ""}` : "";
    verdict.replaceChildren(...(now.verdict ? [make("b", {}, `${now.verdict.sign} ${now.verdict.word} `), now.verdict.said] : []));
    [world.value, grain.value] = [now.world, now.grain];
    if (document.activeElement !== text) text.value = now.schedule;
    for (const [node, name] of parts) if (drawn[name] !== now[name]) {
      node.innerHTML = drawn[name] = now[name];  // escaped by the kernel
    }
    diagram.scrollTop = diagram.scrollHeight;
    root.setAttribute("aria-busy", String(now.busy));
    buttons.stop.setAttribute("aria-disabled", String(!now.busy));
    buttons.undo.setAttribute("aria-disabled", String(now.schedule === "[]"));
  };
  model.on("change:state", draw);
  draw();
  el.append(root);
  const release = keepKeys(root), rest = watchKernel(model, root);
  return () => { release(); rest(); model.off("change:state", draw); };
}

export default { render };
