/*
 * The digital inputs, sampled each half millisecond by the timer's interrupt, so that a pulse of 1 ms is never missed.
 * Each change goes into a ring in the order it was seen; the main loop empties the ring into Firmata's digital messages.
 *
 * If the ring is full, a change waits: the level is compared again at the next sample, so the last level is always told.
 * Changes that came and went meanwhile are lost; that some may be is counted.
 */
#ifndef INPUTS_H
#define INPUTS_H

#include <stdbool.h>
#include <stdint.h>

/* Whether changes of this pin are to be told. */
void inputs_watch(uint8_t pin, bool wanted);

/* Whether this group of eight pins is to be reported; if so, its levels are told at once. */
void inputs_report(uint8_t group, bool wanted);

/* No group is reported any more. */
void inputs_forget(void);

/* Called by the timer's interrupt. */
void inputs_sample(void);

/* Called by the main loop: tells one change, if there is one. */
void inputs_turn(void);

/* Samples that found no room since this was last asked, at most 255. */
uint8_t inputs_take_overflowed(void);

#endif
