/* Time: a timer interrupt each half millisecond, which also samples the inputs. */
#ifndef TICKS_H
#define TICKS_H

#include <stdint.h>

void ticks_begin(void);

/* Milliseconds since the start; wraps at 65 536, so compare differences only. */
uint16_t ticks_ms(void);

#endif
