// Tables as files for spreadsheets.

// Text that a spreadsheet would take for a formula is marked as text; a cell has one line.
export const unarmed = text => text.replace(/[\t\r\n]+/g, ' ').replace(/^(?=\s*[=+\-@])/, "'");
export const quoted = cell => `"${String(cell ?? '').replaceAll('"', '""')}"`;

// lines: of cells; written: how a cell is, by default quoted. The mark at the start says to spreadsheets: UTF-8.
export const csv_text = (lines, written = quoted) => (
  `\ufeff${lines.map(line => `${line.map(written).join(',')}\r\n`).join('')}`);
export const csv_blob = (lines, written) => new Blob([csv_text(lines, written)], {type: 'text/csv;charset=utf-8'});
