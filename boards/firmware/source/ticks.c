#include "ticks.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <stdbool.h>
#include <util/atomic.h>

#include "inputs.h"

#define TICKS_PER_SECOND 2000
#define PRESCALER 64

static volatile uint16_t milliseconds;
static bool half;

ISR(TIMER1_COMPA_vect)
{
    inputs_sample();
    half = !half;
    if (!half) milliseconds++;
}

void ticks_begin(void)
{
    OCR1A = F_CPU / PRESCALER / TICKS_PER_SECOND - 1;
    TIMSK1 = _BV(OCIE1A);
    TCCR1A = 0;
    TCCR1B = _BV(WGM12) | _BV(CS11) | _BV(CS10);
}

uint16_t ticks_ms(void)
{
    uint16_t now;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) { now = milliseconds; }
    return now;
}
