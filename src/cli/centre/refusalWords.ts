/** Why somebody was refused, as an operator reads it. */
import type { Refusal } from '../../core/event.ts';

type RefusalWords = Readonly<Record<Refusal, string>>;

const french: RefusalWords = {
  'unknown-code': 'code inconnu',
  'locked-out': 'accès bloqué après des codes faux',
  'not-yet-valid': 'pas encore valable',
  expired: 'expiré',
  'out-of-hours': 'hors de ses heures',
  'clock-not-set': 'heure du site inconnue',
  'not-your-area': 'pas son secteur',
  'not-your-role': 'pas son rôle',
  'used-up': 'code à usage unique déjà utilisé',
  blocked: 'mise en service empêchée',
  'not-armed': 'rien n’était en service',
  'already-armed': 'déjà en service',
  'nothing-to-do': 'rien à faire',
  'no-such-zone': 'zone inconnue',
  'zone-not-bypassable': 'zone qui ne se met pas de côté',
  'choose-area': 'secteur à choisir',
  'installer-not-allowed': 'installateur non autorisé',
  'badge-and-code': 'badge et code demandés',
  'area-armed': 'secteur en service',
  'storage-failed': 'stockage en panne',
  'too-many-postponements': 'trop de reports',
  'not-your-door': 'pas sa porte',
  'no-such-door': 'porte inconnue',
  'button-only': 's’ouvre par son bouton seulement',
  'cannot-stand-open': 'ne peut rester déverrouillée',
  'no-lock': 'porte sans serrure',
  'door-blocked': 'porte bloquée',
  'door-locked-down': 'porte confinée',
  'interlock-busy': 'autre porte du sas non refermée',
  'second-person': 'seconde personne attendue',
  'badge-only': 'badge demandé',
  'code-only': 'code demandé',
  'not-remote': 'porte qui ne s’ouvre pas à distance',
  'too-many-unlocks': 'trop d’ouvertures dans l’heure',
  'unknown-operator': 'opérateur inconnu ou révoqué',
};

const english: RefusalWords = {
  'unknown-code': 'unknown code',
  'locked-out': 'locked out after wrong codes',
  'not-yet-valid': 'not valid yet',
  expired: 'expired',
  'out-of-hours': 'out of hours',
  'clock-not-set': 'time of the site unknown',
  'not-your-area': 'not their area',
  'not-your-role': 'not their role',
  'used-up': 'one-shot code used already',
  blocked: 'arming blocked',
  'not-armed': 'nothing was armed',
  'already-armed': 'armed already',
  'nothing-to-do': 'nothing to do',
  'no-such-zone': 'unknown zone',
  'zone-not-bypassable': 'zone cannot be left out',
  'choose-area': 'area to be chosen',
  'installer-not-allowed': 'installer not allowed',
  'badge-and-code': 'badge and code wanted',
  'area-armed': 'area armed',
  'storage-failed': 'storage failed',
  'too-many-postponements': 'postponed too often',
  'not-your-door': 'not their door',
  'no-such-door': 'unknown door',
  'button-only': 'opens by its own button only',
  'cannot-stand-open': 'cannot be left unlocked',
  'no-lock': 'door without a lock',
  'door-blocked': 'door blocked',
  'door-locked-down': 'door locked down',
  'interlock-busy': 'other door of the airlock not closed',
  'second-person': 'second person awaited',
  'badge-only': 'badge wanted',
  'code-only': 'code wanted',
  'not-remote': 'door does not open from afar',
  'too-many-unlocks': 'too many unlocks in the hour',
  'unknown-operator': 'operator unknown or revoked',
};

export const refusalWords: Readonly<Record<'fr' | 'en', RefusalWords>> = { fr: french, en: english };

/** A later site may know reasons that this centre does not: they are shown as they came. */
export const refusalText = (language: 'fr' | 'en', reason: string): string => {
  const known = Object.entries(refusalWords[language]).find(([code]) => code === reason);
  return known ? known[1] : reason;
};
