/* Time: timer 1 counts steps of 4 µs without end, and interrupts each millisecond. */
#ifndef TICKS_H
#define TICKS_H

#include <stdint.h>

#define TICKS_STEP_US 4

void ticks_begin(void);

/* Milliseconds since the start; wraps at 65 536, so compare differences only. */
uint16_t ticks_ms(void);

/* Steps of TICKS_STEP_US; wraps each 262 ms. With interrupts off only. */
uint16_t ticks_steps(void);

#endif
