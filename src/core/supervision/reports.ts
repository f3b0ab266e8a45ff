/** The periodic test report: proof to the centre that the whole way works, with what it is worth knowing of the site. */
import { emit, setTimerIn } from '../frame.ts';
import type { Frame } from '../frame.ts';
import type { Signal, ZoneState } from '../state.ts';

const FAULTY: ReadonlySet<Signal> = new Set(['tamper', 'masked', 'fault', 'unknown']);

const count = (zones: readonly ZoneState[], is: (zone: ZoneState) => boolean): number => zones.filter(is).length;

export const sendTestReport = (frame: Frame): void => {
  const { zones, conditions, site } = frame.state.durable;
  emit(frame, 'test-report', {
    detail: {
      zones: zones.length,
      tested: count(zones, ({ walked }) => walked !== undefined),
      faults: count(zones, ({ signal }) => FAULTY.has(signal)),
      notSeen: count(zones, ({ notSeenReported }) => notSeenReported),
      isolated: count(zones, ({ isolated }) => isolated),
      conditions: conditions.length,
      supplies: site.reportedSupplies.length,
    },
  });
  setTimerIn(frame, 'test-report', '', frame.site.config.supervision.testReportMs);
};
