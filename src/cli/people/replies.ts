/** A border: what the controller answered, perhaps one of another version, read as what this command shows. */
import type { ControlFault, ControlRefusal, Fields } from '../../ports/control.ts';
import type { DraftProblem, DrawnCodes, OperatorView, PeopleReason, PersonView } from '../../ports/people.ts';
import type { PeopleWords } from './words.ts';

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string';

const listIn = <T>(fields: Fields, key: string, is: (value: unknown) => value is T): readonly T[] => {
  const value = fields[key];
  return Array.isArray(value) ? value.filter(is) : [];
};

const isPerson = (value: unknown): value is PersonView =>
  isObject(value) && isText(value['id']) && Array.isArray(value['areas']) && isObject(value['has']);
const isOperator = (value: unknown): value is OperatorView => isObject(value) && isText(value['id']);
const isDrawn = (value: unknown): value is DrawnCodes => isObject(value) && isText(value['id']) && isObject(value['codes']);
const isProblem = (value: unknown): value is DraftProblem =>
  isObject(value) && typeof value['index'] === 'number' && isText(value['field']) && isText(value['fault']);

export const peopleIn = (fields: Fields): readonly PersonView[] => listIn(fields, 'people', isPerson);
export const operatorsIn = (fields: Fields): readonly OperatorView[] => listIn(fields, 'operators', isOperator);
export const drawnIn = (fields: Fields): readonly DrawnCodes[] => listIn(fields, 'people', isDrawn);
export const problemsIn = (fields: Fields): readonly DraftProblem[] => listIn(fields, 'problems', isProblem);
export const knownIn = (fields: Fields): string => listIn(fields, 'known', isText).join(', ');

const isReason = (words: PeopleWords, reason: string): reason is Exclude<PeopleReason, 'draft'> =>
  Object.hasOwn(words.reasons, reason);
const isFault = (words: PeopleWords, reason: string): reason is ControlFault => Object.hasOwn(words.faults, reason);

/** `subject`: what was asked about. */
export const refusalText = (words: PeopleWords, refusal: ControlRefusal, subject: string): string => {
  const { reason } = refusal;
  const value = refusal['value'];
  if (isReason(words, reason)) return words.reasons[reason](isText(value) ? value : subject, knownIn(refusal));
  return isFault(words, reason) ? words.faults[reason] : reason;
};
