/** Supervised loops on an Arduino, from the voltage to the zone's signal: through driver, bands and conditioning. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { analog, makeExpanderRig } from '../support/expanderRig.ts';
import type { Firmware } from '../support/fakeFirmata.ts';
import { LOOP_NAMES, LOOP_STATES, makeLoopZones, ratioOf } from '../support/loopZones.ts';
import type { LoopName, LoopState } from '../support/loopZones.ts';

const LINES = { single: 'cellar.A0', double: 'cellar.A1', triple: 'cellar.A2' } as const;
const CHANNELS: Readonly<Record<LoopName, number>> = { single: 0, double: 1, triple: 2 };
/** Longer than four samples, the debouncing and a reconciliation. */
const SETTLED_MS = 150;

const countsOf = (ohms: number): number => Math.round(ratioOf(ohms) * 1023);

const watchLoops = async (firmware: Firmware) => {
  const rig = makeExpanderRig({ firmware });
  const zones = makeLoopZones(LINES);
  for (const name of LOOP_NAMES) rig.board.setValue(CHANNELS[name], countsOf(4_700));
  await rig.open([analog('A0'), analog('A1'), analog('A2')]);
  const beganAt = rig.timers.now();
  let told = 0;
  const now = (): number => rig.timers.now() - beganAt;
  for (const line of Object.values(LINES)) zones.hear(line, rig.lines.read(line), now(), now());
  /** A millisecond at a time, so that the core hears each reading when it was told. */
  const passTime = (ms: number): void => {
    for (let step = 0; step < ms; step += 1) {
      rig.pass(1);
      for (const { line, reading, atMs } of rig.readings.slice(told)) zones.hear(line, reading, atMs - beganAt, now());
      told = rig.readings.length;
      zones.at(now());
    }
  };
  passTime(SETTLED_MS);
  for (const name of LOOP_NAMES) zones.history(name);
  return { rig, zones, passTime, put: (name: LoopName, ohms: number) => rig.board.setValue(CHANNELS[name], countsOf(ohms)) };
};

const pairsOf = (name: LoopName): readonly (readonly [LoopState, LoopState])[] => {
  const states = LOOP_STATES[name];
  return states.flatMap((from) => states.filter((to) => to !== from).map((to) => [from, to] as const));
};

for (const firmware of ['standard', 'vigie'] as const) {
  const loops = suite(`${firmware}: supervised loops, from voltage to signal`);
  for (const name of LOOP_NAMES) {
    loops(`${name}: from every state to every other, and through no third`, async () => {
      const { rig, zones, passTime, put } = await watchLoops(firmware);
      for (const [from, to] of pairsOf(name)) {
        put(name, from.ohms);
        passTime(SETTLED_MS);
        zones.history(name);
        put(name, to.ohms);
        passTime(SETTLED_MS);
        const expected = from.signal === to.signal ? [from.signal] : [from.signal, to.signal];
        assert.equal(zones.history(name), expected, `${from.name} → ${to.name}`);
      }
      await rig.close();
    });

    loops(`${name}: a slow edge is no state of its own`, async () => {
      const { rig, zones, passTime, put } = await watchLoops(firmware);
      for (const [from, to] of pairsOf(name)) {
        put(name, from.ohms);
        passTime(SETTLED_MS);
        zones.history(name);
        const [start, end] = [countsOf(from.ohms), countsOf(to.ohms)];
        for (const part of [0.2, 0.45, 0.7, 0.9]) {
          rig.board.setValue(CHANNELS[name], Math.round(start + (end - start) * part));
          passTime(15);
        }
        put(name, to.ohms);
        passTime(SETTLED_MS);
        const expected = from.signal === to.signal ? [from.signal] : [from.signal, to.signal];
        assert.equal(zones.history(name), expected, `${from.name} → ${to.name}`);
      }
      await rig.close();
    });
  }

  loops('an unplugged board makes every loop a fault, and each comes back as it is', async () => {
    const { rig, zones, passTime, put } = await watchLoops(firmware);
    rig.board.plug(false);
    passTime(50);
    for (const name of LOOP_NAMES) assert.is(zones.signal(name), 'fault');
    put('double', 9_400);
    rig.board.plug(true);
    passTime(6_000);
    assert.equal(LOOP_NAMES.map(zones.signal), ['normal', 'active', 'normal']);
    for (const name of LOOP_NAMES) assert.not(zones.history(name).includes('tamper'));
    await rig.close();
  });
  loops.run();
}
