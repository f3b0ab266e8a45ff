/** The operator at the demo's monitoring centre, who opens doors from afar as any other: challenge, signature, result. */
import { randomBytes } from 'node:crypto';
import { DEMO_OPERATOR } from '../../config/demo.ts';
import type { DoorConfig } from '../../core/config.ts';
import { mqttLink } from '../../drivers/mqtt/link.ts';
import { readSigningKey } from '../../drivers/signatures/ed25519.ts';
import { unlockDoor } from '../operator/exchange.ts';
import { outcomeText, progressText } from '../operator/say.ts';

const TIMEOUT_MS = 120_000;

/** An Ed25519 key in PKCS #8 is this and its seed (RFC 8410). */
const PKCS8_BEGINNING = Buffer.from('302e020100300506032b657004220420', 'hex');

const pemOf = (seed: string): string => {
  const body = Buffer.concat([PKCS8_BEGINNING, Buffer.from(seed, 'hex')]).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`;
};

export type DemoUnlock = {
  readonly broker: string;
  readonly site: string;
  readonly door: DoorConfig;
  readonly language: 'fr' | 'en';
  readonly show: (text: string) => void;
};

/** Goes on by itself while the person opens and closes the door. */
export const unlockFromAfar = ({ broker, site, door, language, show }: DemoUnlock): void => {
  const key = readSigningKey(pemOf(DEMO_OPERATOR.seed));
  if (!key) throw new Error('the demo key cannot be read');
  const name = randomBytes(6).toString('hex');
  const wish = {
    broker,
    clientId: `vigie-demo-operator-${name}`,
    site,
    door: door.id,
    operator: DEMO_OPERATOR.operator,
    key,
    timeoutMs: TIMEOUT_MS,
  };
  const world = {
    makeLink: mqttLink,
    randomName: () => randomBytes(10).toString('hex'),
    tell: (progress: Parameters<typeof progressText>[1]) => show(progressText(language, progress)),
  };
  void unlockDoor(wish, world).then((outcome) => {
    const text = outcomeText(language, outcome);
    if (text !== undefined) show(text);
  });
};
