// Adds what ipywidgets leave out to the box that this invisible widget stands in.

function improve(box, question) {
  for (const slider of box.querySelectorAll(".widget-slider:not([data-pvt])")) {
    const said = slider.querySelector(".widget-label")?.textContent;
    slider.dataset.pvt = "";
    slider.querySelector(".noUi-handle")?.setAttribute("aria-label", said);
    slider.querySelector(".widget-readout")?.setAttribute("aria-label", `${said}, typed`);
    slider.querySelector(".widget-readout")?.setAttribute("role", "textbox");
  }
  for (const group of box.querySelectorAll(".widget-radio-box:not([role])")) {
    group.setAttribute("role", "radiogroup");
    group.setAttribute("aria-label", question);
    const name = `pvt-${Math.random()}`;  // one name makes one group: arrow keys choose in it
    for (const radio of group.querySelectorAll("input")) radio.name = name;
  }
}

function moveOn(last) {  // a button that is switched off loses the focus: hand it to its neighbour, Run to Stop and back
  if (!last?.disabled || ![document.body, last].includes(document.activeElement)) return;
  last.parentElement.querySelector("button:not([disabled])")?.focus({ preventScroll: true });
}

function attach(box, question, watching) {
  let last = null;
  const note = (event) => { last = event.target; };
  const watch = new MutationObserver(() => { improve(box, question); moveOn(last); });
  const release = keepKeys(box);
  box.addEventListener("focusin", note);
  improve(box, question);
  watch.observe(box, { childList: true, subtree: true, attributeFilter: ["disabled"] });
  return () => { watching(); watch.disconnect(); release(); box.removeEventListener("focusin", note); };
}

function render({ model, el }) {
  let detach = null, timer = null;
  const find = () => {
    const box = el.parentElement?.closest(".widget-box");
    if (box) detach = attach(box, model.get("question"), watchKernel(model, box));
    else timer = setTimeout(find, 50);  // not in the page yet
  };
  find();
  return () => { clearTimeout(timer); detach?.(); };
}

export default { render };
