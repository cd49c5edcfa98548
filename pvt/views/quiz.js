// Draws the question that the kernel sends, and sends the answer. It is redrawn when it changes, so focus stays.

function choice(text, value, group) {
  return make("label", {}, make("input", { type: "radio", name: group, value }), html("span", {}, text));
}

function drawQuestion(fields, now, group) {
  const asked = [html("legend", {}, now.text), ...(now.code ? [make("pre", {}, now.code)] : [])];
  const typed = make("label", {}, "Your answer: ", make("input", { type: "text", inputmode: "decimal", autocomplete: "off" }), ` ${now.unit}`);
  fields.replaceChildren(...asked, ...(now.choices.length ? now.choices.map((text, at) => choice(text, at, group)) : [typed]));
}

function render({ model, el }) {
  const send = (message) => model.send(message);
  const group = `pvt-quiz-${Math.random()}`;
  const button = presser(send);
  const where = make("h3"), fields = make("fieldset"), answer = make("button", { type: "submit" }, "Answer");
  const form = make("form", {}, fields, answer);
  const feedback = make("div", { role: "status" }), verdict = make("div", { role: "status" });
  const score = make("div", { role: "status", class: "score" }), { row, back, next, show } = controls(button);
  const order = make("small");
  const root = make("section", { class: "pvt-quiz", "aria-label": "Quiz" }, where, form, feedback,
    row, verdict, score, make("div", { class: "row" }, back, next, order));
  let shown = 0, moved = false;
  for (const node of [back, next]) node.addEventListener("click", () => { moved = true; });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = fields.querySelector("input[type=text]"), chosen = fields.querySelector("input:checked");
    send({ do: "answer", answer: typed ? typed.value : chosen ? Number(chosen.value) : null });
  });

  const draw = () => {
    const now = model.get("state");
    if (shown !== now.number) {
      drawQuestion(fields, now, group);
      shown = now.number;
      if (moved) fields.querySelector("input").focus();
      moved = false;
    }
    where.textContent = `Question ${now.number} of ${now.of}`;
    fields.querySelectorAll("label").forEach((label, at) => label.classList.toggle("tried", now.tried.includes(at)));
    feedback.innerHTML = now.feedback;
    verdict.innerHTML = now.verdict;
    score.innerHTML = now.score;
    order.textContent = now.order;
    show(now, now.feedback);
    enable(answer, !now.found);
    next.classList.toggle("main", now.found && now.number < now.of);
  };
  model.on("change:state", draw);
  draw();
  el.append(root);
  const release = keepKeys(root), rest = watchKernel(model, root);
  return () => { release(); rest(); model.off("change:state", draw); };
}

export default { render };
