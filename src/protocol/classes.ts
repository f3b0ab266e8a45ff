/** How events are sorted for the centre: the last level of the topics `alarm/{class}` and `event/{category}`. */
export const ALARM_CLASSES = ['intrusion', 'holdup', 'tamper', 'door', 'technical', 'fire', 'opening', 'system'] as const;
export type AlarmClass = (typeof ALARM_CLASSES)[number];

/** `opening`: openings and closings; `access`: who was let in or refused; `inhibit`: what is left out of the watch. */
export const EVENT_CATEGORIES = ['opening', 'access', 'inhibit', 'test', 'fault'] as const;
export type EventCategory = (typeof EVENT_CATEGORIES)[number];

export type EventClass = AlarmClass | EventCategory;

/** What an event does to the thing it tells of. `report`: nothing stays raised. */
export const PHASES = ['raise', 'confirm', 'restore', 'cancel', 'report'] as const;
export type Phase = (typeof PHASES)[number];
