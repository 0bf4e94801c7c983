// A long list made short: typing filters a select by name or code, with or without accents.

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();

for (const filter of document.querySelectorAll("input[data-picks]")) {
  const select = document.getElementById(filter.dataset.picks);
  const count = filter.parentElement.querySelector("[data-picked-count]");
  const groups = [...select.querySelectorAll("optgroup")].map((group) => ({
    group,
    options: [...group.children].map((option) => ({ option, folded: fold(option.text) })),
  }));
  const all = groups.reduce((sum, { options }) => sum + options.length, 0);

  const show = () => {
    const words = fold(filter.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { group, options } of groups) {
      const fitting = options.filter(({ folded }) => words.every((word) => folded.includes(word)));
      group.replaceChildren(...fitting.map(({ option }) => option));
      group.hidden = fitting.length === 0;
      shown += fitting.length;
    }
    count.textContent = count.dataset.pickedCount.replace("{shown}", shown).replace("{all}", all);
    if (shown === 1) select.value = select.querySelector("optgroup option").value;
  };

  filter.addEventListener("input", show);
  filter.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") select.focus();
  });
  filter.hidden = count.hidden = false;
  select.size = 10;
  show();
}
