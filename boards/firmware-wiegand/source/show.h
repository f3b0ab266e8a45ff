/*
 * The lamp and the buzzer of each reader: green, red, buzzer on pins 6, 7, 8 of the first, 9, 10, 11 of the second.
 *
 * The wires of a reader are high at rest and work when pulled to ground: a pin is an output at 0, or nothing at all.
 * A host that has not been heard for five seconds shows nothing: no buzzer sounds for ever.
 */
#ifndef SHOW_H
#define SHOW_H

#include <stdint.h>

#include "line.h"

/* What the host wants shown: reader 1 or 2, lamps (1 green, 2 red), on and off of the lamps in ms, then up to nine beats
 * of the buzzer in ms, on, off, on…; all of two bytes, high first. The same again changes nothing, nor the rhythm. */
void show_take(const struct frame *frame);

/* Each millisecond or so. */
void show_turn(void);

/* The host was heard. */
void show_host_heard(void);

#endif
