/**
 * Keeps the challenge of one station and answers it before it is asked again: one question in place of two. A nonce is used
 * with a rising count; when the station wants another, the question is sent once more.
 */
import { createHash, randomBytes } from 'node:crypto';
import { authorization, readChallenges, strongest } from '../../protocol/stations/httpAuth.ts';
import type { Challenge, Credentials, Hash } from '../../protocol/stations/httpAuth.ts';
import type { Failure } from './transport.ts';

export type Authenticator = {
  /** The header to send with a question; undefined: nothing was asked for yet. */
  readonly headerFor: (uri: string) => string | undefined;
  /** The station refused what was sent. undefined: send it again. */
  readonly refused: (wwwAuthenticate: string | undefined, sent: string | undefined) => Failure | undefined;
};

const CLIENT_NONCE_BYTES = 12;

export const machineHash: Hash = (algorithm, text) =>
  createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
    .update(text, 'utf8')
    .digest('hex');

const nonceOf = (challenge: Challenge | undefined): string | undefined =>
  challenge?.scheme === 'digest' ? challenge.nonce : undefined;

export const makeAuthenticator = (credentials: Credentials, isEncrypted: boolean): Authenticator => {
  let challenge: Challenge | undefined;
  let count = 0;
  return {
    headerFor: (uri) => {
      if (!challenge) return undefined;
      count += 1;
      const clientNonce = randomBytes(CLIENT_NONCE_BYTES).toString('hex');
      return authorization(challenge, credentials, { method: 'GET', uri, count, clientNonce }, machineHash);
    },
    refused: (wwwAuthenticate, sent) => {
      const offered = readChallenges(wwwAuthenticate ?? '');
      const next = strongest(offered, isEncrypted);
      if (!next) return offered.length > 0 ? 'password-in-clear' : 'wrong-password';
      // With a new nonce what was refused may have been the old one; with none it was the password.
      const isAnother = nonceOf(next) !== undefined && nonceOf(next) !== nonceOf(challenge);
      if (sent !== undefined && !isAnother) return 'wrong-password';
      challenge = next;
      count = 0;
      return undefined;
    },
  };
};
