// A view whose kernel has gone cannot answer: it fades, takes no clicks or keys, and the sentence above it appears. The
// sentence is an output of its own, so a notebook opened anew shows it where no widget is left. Returns what ends this.
function watchKernel(model, root) {
  const mark = `pvt-alive-${model.get("mark")}`;
  const tell = () => {
    const alive = model.get("layout")?.comm_live !== false;  // ipywidgets mark boxes only, not a view of our own
    root.classList.toggle(mark, alive);
    root.inert = !alive;
    root.style.opacity = alive ? "" : "0.5";
  };
  const soon = () => setTimeout(tell);  // the layout is a model of its own, and is told a moment later
  model.on("comm_live_update", soon);
  soon();
  return () => model.off("comm_live_update", soon);
}
