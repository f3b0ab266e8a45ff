/**
 * The codes of the example files in config/. Everybody can read them: `check` warns and `run` complains while one of
 * them is still valid. A test computes each digest from its code and the salt of its file.
 */
import type { Meaning, UserId } from '../core/config.ts';
import { readPublicKey } from './text.ts';

export type DemoCode = {
  readonly file: 'cabinet' | 'cabinet-pi4' | 'officine' | 'minimal';
  readonly user: UserId;
  readonly kind: 'code' | 'badge';
  readonly meaning: Meaning;
  readonly text: string;
  readonly digest: string;
};

export const DEMO_CODES: readonly DemoCode[] = [
  {
    file: 'cabinet',
    user: 'durand',
    kind: 'code',
    meaning: 'normal',
    text: '4815',
    digest: 'v1-e5dc2af76756de1e11095c70bd42818c',
  },
  {
    file: 'cabinet',
    user: 'durand',
    kind: 'code',
    meaning: 'duress',
    text: '9162',
    digest: 'v1-b8e3a96f981fa7414bd49704abe0a507',
  },
  {
    file: 'cabinet',
    user: 'durand',
    kind: 'code',
    meaning: 'not-normal',
    text: '7305',
    digest: 'v1-113e40d81d91bc249f0e91c020d05879',
  },
  {
    file: 'cabinet',
    user: 'durand',
    kind: 'badge',
    meaning: 'normal',
    text: '80981CC0',
    digest: 'v1-4710e9b9d571304759ad0ddeddc27d41',
  },
  {
    file: 'cabinet',
    user: 'martin',
    kind: 'code',
    meaning: 'normal',
    text: '2580',
    digest: 'v1-3a25de358d608dd87abb1d27431e2048',
  },
  {
    file: 'cabinet',
    user: 'martin',
    kind: 'code',
    meaning: 'duress',
    text: '1470',
    digest: 'v1-06f274cbac716b4e7420076e21b8b337',
  },
  {
    file: 'cabinet',
    user: 'martin',
    kind: 'code',
    meaning: 'not-normal',
    text: '3690',
    digest: 'v1-4a3a737647b3b1ba905760310f673f61',
  },
  {
    file: 'cabinet',
    user: 'martin',
    kind: 'badge',
    meaning: 'normal',
    text: '80981CC1',
    digest: 'v1-333b03d6174a278395ceb6e29fe80f46',
  },
  {
    file: 'cabinet',
    user: 'silva',
    kind: 'code',
    meaning: 'normal',
    text: '6412',
    digest: 'v1-41d3bbb75b539cd82670577f21a456e0',
  },
  {
    file: 'cabinet',
    user: 'delivery',
    kind: 'code',
    meaning: 'normal',
    text: '5093',
    digest: 'v1-3039e838aec6fbb1a730f3fa1d820239',
  },
  {
    file: 'cabinet',
    user: 'installer',
    kind: 'code',
    meaning: 'normal',
    text: '704126',
    digest: 'v1-efc5354da18ad361da60422618d71b3e',
  },
  {
    file: 'cabinet',
    user: 'guard',
    kind: 'code',
    meaning: 'normal',
    text: '330617',
    digest: 'v1-e142d355d96403dcdb28a2511392a4df',
  },
  {
    file: 'officine',
    user: 'leroy',
    kind: 'code',
    meaning: 'normal',
    text: '481516',
    digest: 'v1-b35d0d287a3e577df15f1b32eda4c3b8',
  },
  {
    file: 'officine',
    user: 'leroy',
    kind: 'code',
    meaning: 'duress',
    text: '916274',
    digest: 'v1-9d3d126f171ce4e900e8a8ece7ac0ef8',
  },
  {
    file: 'officine',
    user: 'leroy',
    kind: 'code',
    meaning: 'not-normal',
    text: '730592',
    digest: 'v1-53749837cc26f52239fb71ba394f727d',
  },
  {
    file: 'officine',
    user: 'leroy',
    kind: 'badge',
    meaning: 'normal',
    text: '80981CC0',
    digest: 'v1-6eb195639502ba544860d2e96da14436',
  },
  {
    file: 'officine',
    user: 'bernard',
    kind: 'code',
    meaning: 'normal',
    text: '258046',
    digest: 'v1-115008e68c1ae8f13df9631d0d7119c8',
  },
  {
    file: 'officine',
    user: 'bernard',
    kind: 'code',
    meaning: 'duress',
    text: '147063',
    digest: 'v1-8fd04e0420d6361fa9a027e1357372e1',
  },
  {
    file: 'officine',
    user: 'bernard',
    kind: 'code',
    meaning: 'not-normal',
    text: '369028',
    digest: 'v1-77655a6e458d76e0a616a2e8df49cb35',
  },
  {
    file: 'officine',
    user: 'cleaner',
    kind: 'code',
    meaning: 'normal',
    text: '641205',
    digest: 'v1-b934f2333a9cf15873bc3fb19ba07097',
  },
  {
    file: 'officine',
    user: 'delivery',
    kind: 'code',
    meaning: 'normal',
    text: '509317',
    digest: 'v1-06a92abc3acfba3ffc535e2073b27da9',
  },
  {
    file: 'officine',
    user: 'installer',
    kind: 'code',
    meaning: 'normal',
    text: '704126',
    digest: 'v1-837e65a71da2f859efb480ae4d5c6721',
  },
  {
    file: 'minimal',
    user: 'martin',
    kind: 'code',
    meaning: 'normal',
    text: '2580',
    digest: 'v1-305c86b9baa113958dc07c4a6731a747',
  },
  {
    file: 'cabinet-pi4',
    user: 'petit',
    kind: 'code',
    meaning: 'normal',
    text: '4815',
    digest: 'v1-8f8a81adcda75bf8d631c23997bae47c',
  },
  {
    file: 'cabinet-pi4',
    user: 'petit',
    kind: 'code',
    meaning: 'duress',
    text: '9162',
    digest: 'v1-eb6e0642adb4843987e3a7afa186228d',
  },
  {
    file: 'cabinet-pi4',
    user: 'petit',
    kind: 'badge',
    meaning: 'normal',
    text: '80981CC0',
    digest: 'v1-1e5c3ead3fff6890e386cdeb236fe001',
  },
  {
    file: 'cabinet-pi4',
    user: 'roux',
    kind: 'code',
    meaning: 'normal',
    text: '2580',
    digest: 'v1-26a57d32b0788541f59945fcc664b673',
  },
  {
    file: 'cabinet-pi4',
    user: 'roux',
    kind: 'code',
    meaning: 'duress',
    text: '1470',
    digest: 'v1-ccf73110fbf283191bb6ed380796fd6e',
  },
  {
    file: 'cabinet-pi4',
    user: 'installer',
    kind: 'code',
    meaning: 'normal',
    text: '704126',
    digest: 'v1-c958d3cb3c8034d7ebd352bd59aab790',
  },
];

export const DEMO_DIGESTS: ReadonlySet<string> = new Set(DEMO_CODES.map(({ digest }) => digest));

/** The operator of config/cabinet.yaml. `seed` is the private key (RFC 8032, 5.1.5): everybody can read it here. */
export const DEMO_OPERATOR = {
  file: 'cabinet',
  operator: 'centre-1',
  seed: '7be1aa93fcc3a86515d6bcb05a537715c4a87eb5f6b59ae252e6ac758a730866',
  publicKey: '362e85b3b05d7059a0d89666815e5950785fd18ca101d23cdf634f2e3186367a',
} as const;

export const isDemoKey = (publicKey: string | undefined): boolean =>
  publicKey !== undefined && readPublicKey(publicKey).join() === readPublicKey(DEMO_OPERATOR.publicKey).join();
