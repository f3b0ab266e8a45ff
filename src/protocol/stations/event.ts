/**
 * What a door station (*platine de rue*, interphone) tells that a controller can use.
 *
 * - **ring**: somebody outside pressed the bell. **open**: somebody inside, who answered, asked for the door.
 * - **tamper**: the station is opened or torn off, or is whole again.
 */
export type StationEvent =
  | { readonly kind: 'ring' }
  | { readonly kind: 'open' }
  | { readonly kind: 'tamper'; readonly on: boolean };

/** What each kind of station can tell; a line of a station is its id, a point and one of these. */
export type StationPoint = StationEvent['kind'];

export const POINTS: Readonly<Record<'2n' | 'doorbird', readonly StationPoint[]>> = {
  '2n': ['ring', 'open', 'tamper'],
  // Its LAN API tells the bell and the motion sensor; when its relay is worked it tells nobody.
  doorbird: ['ring'],
};
