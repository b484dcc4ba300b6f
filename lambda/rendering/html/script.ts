/**
 * Makes the tables searchable and sortable. Without it they are whole and in order all the same, so it adds its own
 * controls. Everything is in the page: nothing is fetched.
 */
export const script = `
'use strict';
for (const table of document.querySelectorAll('table[data-rows]')) {
  const body = table.tBodies[0], rows = [...body.rows], title = table.dataset.rows;
  const tools = document.createElement('div'), label = document.createElement('label'), input = document.createElement('input'), shown = document.createElement('output');
  tools.className = 'tools'; input.type = 'search'; input.placeholder = 'account, user, key, …';
  label.append('Search ' + title + ' ', input); shown.setAttribute('aria-live', 'polite'); tools.append(label, shown);
  table.parentElement.before(tools);
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const search = () => {
    const words = input.value.toLowerCase().split(/\\s+/).filter(Boolean); let n = 0;
    rows.forEach((row, at) => { const fits = words.every((word) => texts[at].includes(word)); row.hidden = !fits; if (fits) n += 1; });
    shown.textContent = n + ' of ' + rows.length + ' rows';
  };
  input.addEventListener('input', search); search();
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement('button'); button.type = 'button'; button.textContent = head.textContent; head.replaceChildren(button);
    button.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') === 'ascending', number = head.classList.contains('number');
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const value = (row) => row.cells[column].textContent;
      const order = (a, b) => (number ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0);
      const sorted = rows.map((row) => [value(row), row]).sort(([a], [b]) => (a === '' || b === '' ? (a === '') - (b === '') : down ? order(b, a) : order(a, b)));
      body.append(...sorted.map(([, row]) => row));
    });
  });
}
addEventListener('beforeprint', () => { for (const one of document.querySelectorAll('.controls details:not([open])')) { one.open = true; one.dataset.printed = ''; } });
addEventListener('afterprint', () => { for (const one of document.querySelectorAll('details[data-printed]')) { one.open = false; delete one.dataset.printed; } });
`.trim();
