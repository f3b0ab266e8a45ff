/**
 * The broker's certificate, looked at by hand for one case only: a controller whose clock is not set finds every
 * certificate *not yet valid*. TLS reports one fault of several, so that word alone may hide an unknown authority or a
 * wrong name; everything but the dates is checked again here before such a certificate is accepted.
 */
import { X509Certificate } from 'node:crypto';
import { checkServerIdentity, rootCertificates } from 'node:tls';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import type { TlsProblem } from '../../ports/link.ts';

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';
const LONGEST_CHAIN = 5;

const authorities = (ca: string | undefined): readonly X509Certificate[] =>
  (ca === undefined ? rootCertificates : (ca.match(PEM) ?? [])).map((pem) => new X509Certificate(pem));

const isIssuedBy = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

const isForServers = ({ keyUsage }: X509Certificate): boolean =>
  keyUsage === undefined || keyUsage.includes(SERVER_AUTHENTICATION);

/** Follows `leaf` through what the peer sent to one of `trusted`, each signature checked. */
export const leadsTo = (
  leaf: X509Certificate,
  sent: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
): boolean => {
  let current = leaf;
  for (let depth = 0; depth < LONGEST_CHAIN; depth += 1) {
    const holder = current;
    if (trusted.some((authority) => isIssuedBy(holder, authority))) return true;
    const next = sent.find((certificate) => certificate !== holder && isIssuedBy(holder, certificate));
    if (!next) return false;
    current = next;
  }
  return false;
};

type Chained = PeerCertificate & { readonly issuerCertificate?: Chained };

const sentBy = (peer: Chained): readonly X509Certificate[] => {
  const sent: X509Certificate[] = [];
  let current: Chained | undefined = peer;
  while (current && sent.length < LONGEST_CHAIN) {
    sent.push(new X509Certificate(current.raw));
    current = current.issuerCertificate === current ? undefined : current.issuerCertificate;
  }
  return sent;
};

/** What speaks against the certificate that the peer of `socket` showed, its dates left aside. */
export const faultBesideDates = (socket: TLSSocket, serverName: string, ca: string | undefined): TlsProblem | undefined => {
  const peer = socket.getPeerCertificate(true);
  const sent = peer.raw ? sentBy(peer) : [];
  const leaf = sent[0];
  if (!leaf || !leadsTo(leaf, sent.slice(1), authorities(ca))) return 'unknown-authority';
  if (!isForServers(leaf)) return 'wrong-use';
  return checkServerIdentity(serverName, peer) === undefined ? undefined : 'wrong-name';
};
