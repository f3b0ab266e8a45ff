/** Reads the site's file for the doctor, and tries the codes of the documentation on it. */
import type { SiteFile } from '../../config/siteFile.ts';
import { readPepper } from '../../drivers/secrets/pepper.ts';
import type { PepperResult } from '../../drivers/secrets/pepper.ts';
import { openSecrets } from '../../drivers/secrets/secrets.ts';
import { credentialLookup } from '../../ports/secrets.ts';
import { loadSiteFile } from '../check.ts';
import { demoCodesInUse } from '../demoCodes.ts';
import type { Io } from '../io.ts';
import type { SiteFacts } from './site.ts';

export type SiteLook = { readonly facts: SiteFacts; readonly file: SiteFile | undefined };

/** Names of people; undefined: the pepper that the codes were digested with cannot be had. */
const demoUsersOf = async (file: SiteFile, pepper: PepperResult | undefined): Promise<readonly string[] | undefined> => {
  if (pepper?.ok === false) return undefined;
  const secrets = openSecrets({ salt: file.security.salt, pepper: pepper?.pepper });
  const users = await demoCodesInUse(secrets, credentialLookup(file.credentials));
  await secrets.close();
  return users.map((user) => file.core.users.find(({ id }) => id === user)?.name ?? user);
};

export const lookAtSite = async (path: string | undefined, io: Pick<Io, 'readFile'>): Promise<SiteLook> => {
  if (path === undefined) return { facts: { kind: 'not-given' }, file: undefined };
  const loaded = await loadSiteFile(path, io);
  if (!loaded.ok && 'reason' in loaded) return { facts: { kind: 'unreadable', path }, file: undefined };
  if (!loaded.ok) return { facts: { kind: 'faulty', path, problems: loaded.problems }, file: undefined };
  const { site: file, warnings } = loaded;
  const { pepperFile } = file.security;
  const pepper = pepperFile === undefined ? undefined : await readPepper(pepperFile);
  const facts: SiteFacts = {
    kind: 'read',
    path,
    name: file.core.name,
    warnings,
    backupSupervised: file.backupSupervised,
    demoUsers: await demoUsersOf(file, pepper),
    pepper: pepper === undefined ? 'none' : pepper.ok ? 'good' : pepper.reason,
    pepperFile,
  };
  return { facts, file };
};
