#include "ticks.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>

#include "wiegand.h"

#define STEPS_PER_MS (1000 / TICKS_STEP_US)

static volatile uint16_t milliseconds;

ISR(TIMER1_COMPA_vect)
{
    OCR1A += STEPS_PER_MS;
    milliseconds++;
    wiegand_tick();
}

void ticks_begin(void)
{
    OCR1A = STEPS_PER_MS;
    TIMSK1 = _BV(OCIE1A);
    TCCR1A = 0;
    /* 16 MHz through 64. */
    TCCR1B = _BV(CS11) | _BV(CS10);
}

uint16_t ticks_ms(void)
{
    uint16_t now;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) { now = milliseconds; }
    return now;
}

uint16_t ticks_steps(void)
{
    return TCNT1;
}
