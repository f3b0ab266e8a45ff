/**
 * Whom a station is believed to be. Stations have an address and no name, and sign their certificate themselves: with a file
 * in hand the certificate must be that very one, whatever name is in it, or be signed by the authority in the file and be in
 * the name of the address. Nothing is ever accepted unseen.
 */
import { X509Certificate } from 'node:crypto';
import { checkServerIdentity } from 'node:tls';
import type { ConnectionOptions, PeerCertificate } from 'node:tls';

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

const printsIn = (pem: string): ReadonlySet<string> => {
  const blocks = pem.match(PEM) ?? [];
  return new Set(blocks.map((block) => new X509Certificate(block).fingerprint256));
};

/** Throws for a file that holds no certificate. `pem` undefined: authorities of the system, and the name must fit. */
export const trustOf = (pem: string | undefined): ConnectionOptions => {
  if (pem === undefined) return { rejectUnauthorized: true };
  const pinned = printsIn(pem);
  return {
    rejectUnauthorized: true,
    ca: pem,
    // A certificate that somebody else signed can be pinned as well; a Node that does not know this setting refuses it.
    allowPartialTrustChain: true,
    checkServerIdentity: (host: string, shown: PeerCertificate) =>
      pinned.has(shown.fingerprint256) ? undefined : checkServerIdentity(host, shown),
  };
};
