/** The compiled parts that packages bring load on this architecture and this Node, and do what they are for. */
import koffi from 'koffi';
import Database from 'libsql';
import { SerialPort } from 'serialport';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite(`native parts on ${process.arch}, Node ${process.version}`);

test('koffi calls the C library', () => {
  const getpid: unknown = koffi.load(null).func('int getpid()')();
  assert.is(getpid, process.pid);
});

test('libsql keeps and gives back a row', () => {
  const database = new Database(':memory:');
  database.exec('CREATE TABLE event (seq INTEGER, body TEXT)');
  database.prepare('INSERT INTO event VALUES (?, ?)').run(7, 'porte');
  assert.equal(database.prepare('SELECT seq, body FROM event').raw().all(), [[7, 'porte']]);
  database.close();
});

test('serialport reaches the system, and says plainly that a port is not there', async () => {
  const ports = await SerialPort.list();
  assert.ok(Array.isArray(ports));
  const failure = await new Promise<Error | null>((resolve) => {
    const port = new SerialPort({ path: '/dev/no-such-port', baudRate: 57_600, autoOpen: false });
    port.open(resolve);
  });
  assert.match(failure?.message ?? '', /No such file or directory/);
});

test.run();
