/** Deadlines of supervision, each to its owner. That of a zone that a new config has removed says nothing. */
import { zonePlace } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { DurableTimerKind } from '../state.ts';
import { onTechnicalTimer } from '../zone/measurement.ts';
import { reviewZone } from '../zone/signal.ts';
import { onSensorLostTimer } from '../zone/technical.ts';
import { scanNotSeen } from './notSeen.ts';
import { sendTestReport } from './reports.ts';
import { isSupply, onSupplyTimer } from './supply.ts';
import { onTestTimer } from './tests.ts';

export type SupervisionTimerKind = Extract<
  DurableTimerKind,
  'technical' | 'supervise' | 'not-seen' | 'test-report' | 'zone-review' | 'walk-test' | 'exercise' | 'on-test' | 'installer'
>;

export const onSupervisionTimer = (frame: Frame, kind: SupervisionTimerKind, subject: string): void => {
  switch (kind) {
    case 'technical':
      return onTechnicalTimer(frame, subject);
    case 'supervise':
      return onZoneLasted(frame, subject);
    case 'not-seen':
      return scanNotSeen(frame);
    case 'test-report':
      return sendTestReport(frame);
    case 'zone-review':
      return reviewZone(frame, zonePlace(frame, subject));
    case 'walk-test':
    case 'exercise':
    case 'on-test':
    case 'installer':
      return onTestTimer(frame, kind);
  }
};

const onZoneLasted = (frame: Frame, zoneId: string): void => {
  const zone = frame.site.zones.get(zoneId);
  if (!zone) return;
  if (isSupply(zone.config)) onSupplyTimer(frame, zone);
  else onSensorLostTimer(frame, zone);
};
