/** Whether the codes of the examples open this site, whatever its salt: they may have been typed in anew. */
import { DEMO_CODES } from '../config/demo.ts';
import type { UserId } from '../core/config.ts';
import type { CredentialLookup, Secrets } from '../ports/secrets.ts';

/** People whom a demo code or badge still lets in. One try at a time, so that nobody at a keypad waits for more than one. */
export const demoCodesInUse = async (secrets: Secrets, lookup: CredentialLookup): Promise<readonly UserId[]> => {
  const tries = new Map(DEMO_CODES.map(({ kind, text }) => [`${kind}:${text}`, { kind, text }]));
  const users = new Set<UserId>();
  for (const { kind, text } of tries.values()) {
    const result = await secrets.digest(kind, text);
    const owner = result.ok ? lookup(result.digest) : undefined;
    if (owner) users.add(owner.user);
  }
  return [...users];
};
