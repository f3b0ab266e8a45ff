/** What the real link must do over TLS, with client certificates, on whatever broker. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mqttLink } from '../../src/drivers/mqtt/link.ts';
import type { DownReason, LinkEvent, TlsOptions } from '../../src/ports/link.ts';
import { makeAuthority } from '../support/certificates.ts';
import type { Authority, Credentials } from '../support/certificates.ts';
import { options, withEars } from '../support/linkEars.ts';
import type { Ears } from '../support/linkEars.ts';

export type TlsBroker = { readonly port: number; readonly close: () => Promise<void> };

/** Starts a broker that shows `server` and demands a client certificate signed by `clientCa`. */
export type StartTlsBroker = (server: Credentials, clientCa: string) => Promise<TlsBroker>;

const DAY_MS = 86_400_000;
const inDays = (days: number): Date => new Date(Date.now() + days * DAY_MS);

type Parties = { readonly authority: Authority; readonly stranger: Authority; readonly site: Credentials };

const ending = (event: LinkEvent): LinkEvent | undefined => (event.kind === 'message' ? undefined : event);

export const linkTlsContract = (name: string, start: StartTlsBroker): void => {
  const test = suite(`link over TLS: ${name}`);
  const authority = makeAuthority('Vigie test authority');
  const stranger = makeAuthority('Some other authority');
  const site = authority.issue({ commonName: 'site', use: 'client' });
  const parties: Parties = { authority, stranger, site };
  const sound: TlsOptions = { ca: authority.certificate, certificate: site.certificate, key: site.key };
  const proper = authority.issue({ commonName: 'broker', use: 'server', names: ['localhost'] });

  type Attempt = { readonly server?: Credentials; readonly tls: TlsOptions; readonly host?: string };

  /** Connects once, and tells how it went: up, or the reason why not. */
  const attempt = async (
    { server = proper, tls, host = 'localhost' }: Attempt,
    then?: (ears: Ears) => Promise<void>,
  ): Promise<LinkEvent> => {
    const broker = await start(server, parties.authority.certificate);
    const ears = withEars(mqttLink);
    try {
      ears.link.connect(options({ url: `mqtts://${host}:${broker.port}`, clientId: 'site', tls }));
      const outcome = await ears.until('up or down', ending);
      await then?.(ears);
      return outcome;
    } finally {
      ears.link.destroy();
      await broker.close();
    }
  };

  const reasonOf = async (wanted: Attempt): Promise<DownReason> => {
    const outcome = await attempt(wanted);
    if (outcome.kind !== 'down') throw new Error(`it came up: ${JSON.stringify(outcome)}`);
    return outcome.reason;
  };

  const problemOf = async (wanted: Attempt): Promise<string> => {
    const reason = await reasonOf(wanted);
    return reason.kind === 'tls' ? reason.problem : reason.kind;
  };

  test('with certificates of one authority on both sides it comes up and carries messages', async () => {
    const outcome = await attempt({ tls: sound }, async (ears) => {
      await ears.subscribe('a');
      assert.is((await ears.publish({ topic: 'a' })).kind, 'acknowledged');
      await ears.until('the message', (event) => (event.kind === 'message' ? event : undefined));
    });
    assert.is(outcome.kind === 'up' && outcome.certificateNotYetValid, false);
  });

  test('a broker of an unknown authority is refused', async () => {
    const server = stranger.issue({ commonName: 'broker', use: 'server', names: ['localhost'] });
    assert.is(await problemOf({ server, tls: sound }), 'unknown-authority');
    assert.is(await problemOf({ tls: { ...sound, ca: stranger.certificate } }), 'unknown-authority');
  });

  test('a broker of another name is refused, unless that name was asked for', async () => {
    const server = authority.issue({ commonName: 'broker', use: 'server', names: ['centre.example'] });
    assert.is(await problemOf({ server, tls: sound }), 'wrong-name');
    assert.is((await attempt({ server, tls: { ...sound, serverName: 'centre.example' } })).kind, 'up');
  });

  test('a broker reached by its address must carry the address', async () => {
    assert.is(await problemOf({ host: '127.0.0.1', tls: sound }), 'wrong-name');
    const server = authority.issue({ commonName: 'broker', use: 'server', names: ['127.0.0.1'] });
    assert.is((await attempt({ server, host: '127.0.0.1', tls: sound })).kind, 'up');
  });

  test('an expired certificate is refused, clock set or not', async () => {
    const names = ['localhost'];
    const server = authority.issue({ commonName: 'b', use: 'server', names, notBefore: inDays(-3), notAfter: inDays(-1) });
    assert.is(await problemOf({ server, tls: sound }), 'expired');
    assert.is(await problemOf({ server, tls: { ...sound, clockUnsynchronised: true } }), 'expired');
  });

  test('a certificate not yet valid is refused while the clock is set', async () => {
    const server = authority.issue({ commonName: 'b', use: 'server', names: ['localhost'], notBefore: inDays(2) });
    assert.is(await problemOf({ server, tls: sound }), 'not-yet-valid');
  });

  test('with the clock not set it is accepted, and said', async () => {
    const tls = { ...sound, clockUnsynchronised: true };
    const server = authority.issue({ commonName: 'b', use: 'server', names: ['localhost'], notBefore: inDays(2) });
    const outcome = await attempt({ server, tls });
    assert.is(outcome.kind === 'up' && outcome.certificateNotYetValid, true);
    const usual = await attempt({ tls });
    assert.is(usual.kind === 'up' && usual.certificateNotYetValid, false);
  });

  test('a clock that is not set excuses nothing else', async () => {
    const tls = { ...sound, clockUnsynchronised: true };
    const later = { notBefore: inDays(2), commonName: 'b', names: ['localhost'] };
    const problemWith = (server: Credentials): Promise<string> => problemOf({ server, tls });
    assert.is(await problemWith(stranger.issue({ ...later, use: 'server' })), 'unknown-authority');
    assert.is(await problemWith(authority.issue({ ...later, use: 'server', names: ['other'] })), 'wrong-name');
    assert.is(await problemWith(authority.issue({ ...later, use: 'client' })), 'wrong-use');
    const today = { commonName: 'b', names: ['localhost'] };
    assert.is(await problemWith(stranger.issue({ ...today, use: 'server' })), 'unknown-authority');
    assert.is(await problemWith(authority.issue({ ...today, use: 'server', names: ['other'] })), 'wrong-name');
    assert.is(await problemWith(authority.issue({ ...today, use: 'client' })), 'wrong-use');
  });

  test('without a client certificate, or with a stranger’s, the broker refuses', async () => {
    const { certificate, key } = stranger.issue({ commonName: 'site', use: 'client' });
    for (const tls of [{ ca: authority.certificate }, { ca: authority.certificate, certificate, key }]) {
      const reason = await reasonOf({ tls });
      // The alert comes after the handshake in TLS 1.3 and races with the end of the stream.
      if (reason.kind === 'tls') assert.ok(['client-certificate', 'handshake'].includes(reason.problem), JSON.stringify(reason));
      else assert.is(reason.kind, 'closed');
    }
  });

  test('an expired client certificate is refused by the broker', async () => {
    const old = authority.issue({ commonName: 'site', use: 'client', notBefore: inDays(-3), notAfter: inDays(-1) });
    const reason = await reasonOf({ tls: { ca: authority.certificate, ...old } });
    assert.ok(
      reason.kind === 'closed' || (reason.kind === 'tls' && reason.problem === 'client-certificate'),
      JSON.stringify(reason),
    );
  });

  test('key material that cannot be read is told apart from a broker that refuses it', async () => {
    const other = authority.issue({ commonName: 'site', use: 'client' });
    assert.is(await problemOf({ tls: { ...sound, certificate: 'no PEM' } }), 'bad-credentials');
    assert.is(await problemOf({ tls: { ...sound, key: other.key } }), 'bad-credentials');
  });

  test.run();
};
