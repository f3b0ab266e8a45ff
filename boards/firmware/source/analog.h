/*
 * The analog channels, 10 bits against the board's supply, so that a loop fed from the same supply reads as a ratio.
 *
 * Each sampling interval one scan: every enabled channel in rising order, first a conversion that is thrown away while
 * the sample-and-hold settles on the new channel, then the average of four. A conversion takes 104 microseconds, so a
 * scan 0.52 ms a channel. The report follows the scan: what it tells was measured within this interval, always.
 */
#ifndef ANALOG_H
#define ANALOG_H

#include <stdbool.h>
#include <stdint.h>

#define INTERVAL_MS_MIN 10

void analog_begin(void);

/* The first report of a newly enabled channel follows at once. */
void analog_report(uint8_t channel, bool wanted);

void analog_set_interval(uint16_t interval_ms);

/* Checksummed reports, see vigie.c, in place of one message per channel. */
void analog_set_checksummed(bool wanted);

/* No channel is reported any more, and the settings are those after a reset. */
void analog_forget(void);

/* Called by the main loop: starts a scan when it is due, and reports one that is done. */
void analog_turn(void);

#endif
