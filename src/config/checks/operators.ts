/** Operators: the doors they may open from afar, and keys that are nobody else's. */
import { isDemoKey } from '../demo.ts';
import type { Draft } from '../draft.ts';
import { fault, warning } from '../problem.ts';
import type { Finding } from '../problem.ts';
import type { OperatorDraft } from '../shapes.ts';
import { readPublicKey } from '../text.ts';
import { duplicates, isEmpty, reference, references } from './references.ts';

type Operator = Partial<OperatorDraft>;

const notRemote = (draft: Draft, id: string, { doors }: Operator): Finding[] =>
  (doors ?? []).flatMap((door, index) => {
    if (draft.doors.get(door)?.remote !== false) return [];
    return [
      fault(
        ['operators', id, 'doors', index],
        'door-not-remote',
        `\`${door}\` does not say \`remote: true\`, so no operator opens it. Write it at the door, or take the door out here.`,
        `« ${door} » ne dit pas « remote: true » : aucun opérateur ne l’ouvre. Mettez-le à la porte, ou retirez-la ici.`,
      ),
    ];
  });

const operatorFindings = (draft: Draft, id: string, operator: Operator): Finding[] => {
  const path = ['operators', id];
  const findings = [
    ...references(draft, 'doors', operator.doors, [...path, 'doors']),
    ...notRemote(draft, id, operator),
    ...reference(draft, 'schedules', operator.hours, [...path, 'hours']),
  ];
  if (isEmpty(operator.doors)) {
    findings.push(
      fault(
        [...path, 'doors'],
        'operator-without-doors',
        'The list is empty, so this operator can do nothing. Add a door, or take the operator out.',
        'La liste est vide : cet opérateur ne peut rien. Ajoutez une porte, ou retirez l’opérateur.',
      ),
    );
  }
  if (isDemoKey(operator.publicKey)) {
    findings.push(
      warning(
        [...path, 'publicKey'],
        'demo-key',
        'The private half of this key is printed in Vigie’s documentation. Make a pair of your own: docs/config.md.',
        'La clé privée correspondante est imprimée dans la documentation. Faites votre propre paire : docs/config.md.',
      ),
    );
  }
  return findings;
};

const keyFindings = (draft: Draft): Finding[] =>
  duplicates([...draft.operators], ([, { publicKey }]) => publicKey && readPublicKey(publicKey).join()).map(
    ({ item: [id], first: [other] }) =>
      fault(
        ['operators', id, 'publicKey'],
        'duplicate-key-of-operator',
        `\`${other}\` has this key already, and the journal could not tell them apart. Make another pair.`,
        `« ${other} » a déjà cette clé : le journal ne les distinguerait pas. Faites une autre paire.`,
      ),
  );

export const checkOperators = (draft: Draft): Finding[] => [
  ...[...draft.operators].flatMap(([id, operator]) => operatorFindings(draft, id, operator)),
  ...keyFindings(draft),
];
