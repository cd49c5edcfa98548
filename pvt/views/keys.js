// JupyterLab takes single keys (arrows, a, d, x …) from whatever is not a text field. Those pressed inside `root` it
// shall not hear; with Ctrl or Cmd they stay JupyterLab's, so that Ctrl+S saves. Returns what ends this.
function keepKeys(root) {
  const keep = (event) => event.ctrlKey || event.metaKey || event.stopPropagation();
  root.addEventListener("keydown", keep);
  return () => root.removeEventListener("keydown", keep);
}
