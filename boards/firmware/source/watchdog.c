#include "watchdog.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/wdt.h>
#include <stdint.h>

#include "pins.h"

#define BITTEN 0xB17E
#define HALF_A_SECOND (_BV(WDP2) | _BV(WDP0))

/*
 * Survives a reset, so that the cause is known even behind a boot loader that clears the chip's own flags: the interrupt
 * leaves its mark here. What a loss of power leaves is arbitrary, and told from a mark by the chip's flag.
 */
static uint16_t mark __attribute__((section(".noinit")));
static uint8_t flags __attribute__((section(".noinit")));

void watchdog_note_reset(void)
{
    flags = MCUSR;
    MCUSR = 0;
    wdt_disable();
    if (mark == BITTEN && !(flags & (_BV(PORF) | _BV(EXTRF) | _BV(BORF)))) flags |= _BV(WDRF);
    mark = 0;
}

/* Interrupt first, reset after: the timed sequence of the datasheet. */
void watchdog_begin(void)
{
    cli();
    wdt_reset();
    WDTCSR = _BV(WDCE) | _BV(WDE);
    WDTCSR = _BV(WDIE) | _BV(WDE) | HALF_A_SECOND;
    sei();
}

void watchdog_feed(void)
{
    wdt_reset();
}

bool watchdog_has_bitten(void)
{
    return flags & _BV(WDRF);
}

ISR(WDT_vect)
{
    mark = BITTEN;
    wdt_enable(WDTO_15MS);
    pins_to_rest();
    for (;;) {
        /* The reset is near. */
    }
}
