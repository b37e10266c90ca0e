// Lists to choose from: a compact select with no label of its own beside it.

function picker(label, onPick) {
  const select = el("select", { class: "picker", "aria-label": label, title: label });
  select.onchange = () => onPick(select.value);
  return select;
}

// `options` are [name, words]; `other` is what stands there when `value` is none of them ("").
function choose(select, options, value, other) {
  const all = value === "" ? [["", other], ...options] : options;
  select.replaceChildren(...all.map(([name, words]) => el("option", { value: name }, words)));
  select.value = value;
}
