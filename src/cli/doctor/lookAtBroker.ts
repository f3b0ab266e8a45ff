/**
 * Tries the broker as the controller would, under a client id of the doctor's own and without a will: the controller's
 * connection is not taken over, and nothing is published.
 */
import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { MqttConfig, SiteFile } from '../../config/siteFile.ts';
import { mqttLink } from '../../drivers/mqtt/link.ts';
import { targetOf } from '../../drivers/mqtt/socket.ts';
import { LINK_DEFAULTS } from '../../ports/link.ts';
import type { ConnectOptions, IncomingMessage, LinkEvent, TlsOptions } from '../../ports/link.ts';
import { siteSubscriptions, topicOf } from '../../protocol/topics.ts';
import type { BrokerFacts, BrokerTry, OwnCertificate, SecretFile } from './broker.ts';
import type { Machine } from './machine.ts';
import { isOpenToOthers, mayRead } from './person.ts';
import type { Person } from './person.ts';

// ---- trying

const ANSWER_MS = 5_000;
/** A retained status comes at once, if there is one. */
const RETAINED_MS = 1_000;
const CENTRE = topicOf({ kind: 'centre-status' });

const centreIn = ({ topic, payload }: IncomingMessage): BrokerTry['centre'] => {
  if (topic !== CENTRE) return undefined;
  return /"status"\s*:\s*"online"/.test(new TextDecoder().decode(payload)) ? 'online' : 'offline';
};

export const tryBroker = (options: ConnectOptions, site: string): Promise<BrokerTry> =>
  new Promise((resolve) => {
    let end: BrokerTry['end'] | undefined;
    let filters: BrokerTry['filters'];
    let centre: BrokerTry['centre'];
    let timer: NodeJS.Timeout | undefined;
    const partAfter = (ms: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => link.disconnect(), ms);
    };
    const onUp = (isClockDoubted: boolean): void => {
      end = { kind: 'up', isClockDoubted };
      partAfter(ANSWER_MS);
      link.subscribe(siteSubscriptions(site), 1, (result) => {
        if (result.kind !== 'answered') return;
        filters = result.filters;
        partAfter(centre === undefined ? RETAINED_MS : 0);
      });
    };
    const onEvent = (event: LinkEvent): void => {
      if (event.kind === 'up') return onUp(event.certificateNotYetValid);
      if (event.kind === 'message') {
        centre = centreIn(event.message) ?? centre;
        if (filters && centre !== undefined) partAfter(0);
        return;
      }
      clearTimeout(timer);
      resolve({ end: end ?? { kind: 'down', reason: event.reason }, filters, centre });
    };
    const link = mqttLink(onEvent);
    link.connect(options);
  });

// ---- certificates

const ownCertificate = (tls: TlsOptions): OwnCertificate | undefined => {
  if (tls.certificate === undefined) return undefined;
  try {
    const certificate = new X509Certificate(tls.certificate);
    const isKeyItsOwn = tls.key !== undefined && certificate.checkPrivateKey(createPrivateKey(tls.key));
    return { kind: 'read', notAfterMs: Date.parse(certificate.validTo), isKeyItsOwn };
  } catch {
    return { kind: 'not-a-certificate' };
  }
};

/** Read for its date alone, so it is not judged here; undefined: none was shown. */
const brokerNotAfter = (url: string, { certificate, key }: TlsOptions): Promise<number | undefined> => {
  const target = targetOf(url);
  if (!target?.secure) return Promise.resolve(undefined);
  const { host, port } = target;
  return new Promise((resolve) => {
    const give = (notAfterMs: number | undefined): void => {
      socket?.destroy();
      resolve(notAfterMs);
    };
    let socket: ReturnType<typeof connect> | undefined;
    try {
      const own = certificate === undefined || key === undefined ? {} : { cert: certificate, key };
      socket = connect({ host, port, servername: isIP(host) ? '' : host, rejectUnauthorized: false, ...own });
    } catch {
      return give(undefined);
    }
    const opened = socket;
    opened.once('secureConnect', () => {
      const until = Date.parse(opened.getPeerCertificate().valid_to);
      give(Number.isNaN(until) ? undefined : until);
    });
    opened.on('error', () => give(undefined));
    opened.setTimeout(ANSWER_MS, () => give(undefined));
  });
};

// ---- all of it

type Files = { readonly seen: readonly SecretFile[]; readonly tls: TlsOptions; readonly password: string | undefined };

const filesOf = (mqtt: MqttConfig, machine: Machine, person: Person): Files => {
  const { tls, passwordFile } = mqtt;
  const named: readonly (readonly [SecretFile['role'], string | undefined])[] = [
    ['ca', tls?.ca],
    ['cert', tls?.cert],
    ['key', tls?.key],
    ['password', passwordFile],
  ];
  const seen = named.flatMap(([role, path]): SecretFile[] => {
    if (path === undefined) return [];
    const file = machine.file(path);
    return [
      {
        role,
        path,
        isReadable: file !== undefined && mayRead(person, file),
        isOpenToOthers: file !== undefined && isOpenToOthers(file),
      },
    ];
  });
  const text = (path: string | undefined): string | undefined => (path === undefined ? undefined : machine.text(path));
  const [ca, certificate, key] = [text(tls?.ca), text(tls?.cert), text(tls?.key)];
  return {
    seen,
    password: text(passwordFile)?.split('\n', 1)[0],
    tls: {
      ...(ca !== undefined && { ca }),
      ...(certificate !== undefined && { certificate }),
      ...(key !== undefined && { key }),
    },
  };
};

const optionsOf = (mqtt: MqttConfig, { tls, password }: Files, isSynchronised: boolean): ConnectOptions => ({
  ...LINK_DEFAULTS,
  url: mqtt.broker,
  clientId: `${mqtt.clientId}-doctor-${randomBytes(3).toString('hex')}`,
  sessionExpiryS: 0,
  ...(mqtt.username !== undefined && { username: mqtt.username }),
  ...(password !== undefined && { password }),
  ...(mqtt.tls && { tls: { ...tls, clockUnsynchronised: !isSynchronised } }),
});

export const lookAtBroker = async (
  file: SiteFile | undefined,
  machine: Machine,
  person: Person,
  isSynchronised: boolean,
): Promise<BrokerFacts> => {
  const base = { isSiteKnown: file !== undefined, user: person.name, nowMs: Date.now() };
  const mqtt = file?.mqtt;
  if (!file || !mqtt)
    return { ...base, url: undefined, files: [], own: undefined, brokerNotAfterMs: undefined, tried: undefined };
  const files = filesOf(mqtt, machine, person);
  const isOurs = files.seen.every(({ path }) => machine.text(path) !== undefined);
  return {
    ...base,
    url: mqtt.broker,
    files: files.seen,
    own: ownCertificate(files.tls),
    brokerNotAfterMs: await brokerNotAfter(mqtt.broker, files.tls),
    tried: isOurs ? await tryBroker(optionsOf(mqtt, files, isSynchronised), file.core.site) : undefined,
  };
};
