// Many files as one zip, not compressed, made in the browser: one file to send. The files stay where they are until
// then; each is read once, for its checksum.
const CRC = Uint32Array.from({length: 256}, (_, at) => {
  for (let bit = 0; bit < 8; bit++) at = at & 1 ? 0xEDB88320 ^ (at >>> 1) : at >>> 1;
  return at;
});
export function checksum(bytes) {
  let crc = -1;
  for (let at = 0; at < bytes.length; at++) crc = CRC[(crc ^ bytes[at]) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}
function record(...fields) {  // [bytes, number]: little-endian
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [bytes]) => sum + bytes, 0)));
  let at = 0;
  for (const [bytes, number] of fields) {
    bytes === 2 ? view.setUint16(at, number, true) : view.setUint32(at, number, true);
    at += bytes;
  }
  return view;
}
// files: [[name, File]], fewer than 65,536 and less than 4 GB; tell(how many are done)
export async function zip_of(files, tell) {
  const parts = [], listing = [], encoder = new TextEncoder();
  let offset = 0, listed = 0;
  for (const [index, [name, file]] of files.entries()) {
    const path = encoder.encode(name), crc = checksum(new Uint8Array(await file.arrayBuffer()));
    // names in UTF-8, stored, 1 January 1980: a zip has no other "no date"
    const facts = [[2, 20], [2, 0x800], [2, 0], [2, 0], [2, 0x21], [4, crc], [4, file.size], [4, file.size],
      [2, path.length], [2, 0]];
    parts.push(record([4, 0x04034b50], ...facts), path, file);
    listing.push(record([4, 0x02014b50], [2, 20], ...facts, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]), path);
    offset += 30 + path.length + file.size;
    listed += 46 + path.length;
    tell(index + 1);
  }
  const count = files.length;
  const end = record([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, listed], [4, offset], [2, 0]);
  return new Blob([...parts, ...listing, end], {type: 'application/zip'});
}
