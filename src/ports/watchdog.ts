/**
 * A watchdog of the machine itself, such as the one in the Pi's processor: opened, it resets the machine when it is not fed
 * for its margin (15 s on a Pi).
 */
export type WatchdogDevice = {
  readonly feed: () => void;
  /** `disarm`: the end was asked for, and the machine goes on; otherwise whoever comes next must feed it in time. */
  readonly close: (how: 'disarm' | 'leave-armed') => void;
};

export type WatchdogDeviceResult =
  | { readonly ok: true; readonly device: WatchdogDevice }
  /** `busy`: somebody else feeds it, systemd as a rule. */
  | { readonly ok: false; readonly reason: 'absent' | 'busy' | 'no-permission' | 'io' };
