// One question of the interview: a place for one's own words, and the rubric when it is asked for.

function render({ model, el }) {
  const send = (message) => model.send(message), press = presser(send);
  const where = make("h3"), asks = make("p", { class: "asks" }), words = new Map();
  const mine = make("textarea", { rows: 4, placeholder: "or say it aloud" });
  const label = make("label", { class: "mine" }, "Your answer, for yourself:", mine);
  const reveal = press("Show the rubric", { do: "reveal" }), rubric = make("div", { role: "status" });
  const { row, back, next, show } = controls(press);
  const root = make("section", { class: "pvt-quiz", "aria-label": "Interview" }, where, asks, label,
    make("div", { class: "row" }, reveal), rubric, row, make("div", { class: "row" }, back, next));
  let shown = 0;
  mine.addEventListener("input", () => words.set(shown, mine.value));
  const draw = () => {
    const now = model.get("state");
    if (shown !== now.number) {
      shown = now.number;
      mine.value = words.get(shown) ?? "";
    }
    where.textContent = `Question ${now.number} of ${now.of} · ${now.level}`;
    asks.innerHTML = now.text;
    if (rubric.innerHTML !== now.rubric) rubric.innerHTML = now.rubric;
    show(now, now.rubric);
    enable(reveal, !now.rubric);
  };
  model.on("change:state", draw);
  draw();
  el.append(root);
  const release = keepKeys(root), rest = watchKernel(model, root);
  return () => { release(); rest(); model.off("change:state", draw); };
}

export default { render };
