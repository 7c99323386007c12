/* global document */
// Makes the columns of the tables sortable. The page is complete without it.
for (const table of document.querySelectorAll('table.sortable')) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'sort';
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener('click', () => {
      const ascending = head.getAttribute('aria-sort') !== 'ascending';
      heads.forEach(other => other.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', ascending ? 'ascending' : 'descending');
      const key = row => {
        const cell = row.cells[column];
        const value = cell.dataset.value ?? cell.querySelector('[data-value]')?.dataset.value;
        return value === undefined ? cell.textContent : Number(value);
      };
      const compare = (a, b) => typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
      const rows = [...table.tBodies[0].rows].map(row => [key(row), row]).sort(([a], [b]) => ascending ? compare(a, b) : compare(b, a));
      table.tBodies[0].append(...rows.map(([, row]) => row));
    });
  });
}
