// The zip of a folder: as other programs read it.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {test} from 'node:test';

import {steadily} from '../../resnet_demo/ui/web/steady.js';
import {checksum, zip_of} from '../../resnet_demo/ui/web/zip.js';

test('the checksum is that of zip', () => {
  assert.equal(checksum(new TextEncoder().encode('123456789')), 0xCBF43926);
  assert.equal(checksum(new Uint8Array()), 0);
});
test('Python reads what was packed, names and all', async () => {
  const files = [['cat/a.txt', new Blob(['one'])], ['猫/ü.txt', new Blob(['zwei'])], ['empty', new Blob([])]], told = [];
  const zip = await zip_of(files, done => told.push(done));
  const path = join(mkdtempSync(join(tmpdir(), 'zip-')), 'a.zip');
  writeFileSync(path, new Uint8Array(await zip.arrayBuffer()));
  const script = 'import sys,zipfile,json; z=zipfile.ZipFile(sys.argv[1]); '
    + 'print(json.dumps([z.testzip(), {n: z.read(n).decode() for n in z.namelist()}]))';
  const python = process.env.PYTHON ?? 'python3';
  const read = JSON.parse(execFileSync(python, ['-c', script, path], {encoding: 'utf8'}));
  assert.deepEqual(read, [null, {'cat/a.txt': 'one', '猫/ü.txt': 'zwei', empty: ''}]);
  assert.deepEqual(told, [1, 2, 3]);
});
test('what comes thick and fast is passed on at once, then seldom, and the last one always', async () => {
  let calls = 0;
  const act = steadily(() => calls++, 50);
  for (let i = 0; i < 20; i++) act();
  assert.equal(calls, 1);
  await new Promise(done => setTimeout(done, 120));
  assert.equal(calls, 2);
});
