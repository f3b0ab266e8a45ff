/** The hours that the drawn sites know. */
export const NIGHTS = 'nuits';
export const DAYS = 'jours';
