#include "wiegand.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <string.h>
#include <util/atomic.h>
#include <util/delay.h>

#include "ticks.h"

/* D0 and D1 of each reader, all on port D. */
#define FIRST_D1 _BV(3)
#define FIRST (_BV(2) | FIRST_D1)
#define SECOND_D1 _BV(5)
#define SECOND (_BV(4) | SECOND_D1)
#define LINES (FIRST | SECOND)

#define SETTLED_US 3
#define APART_STEPS (100 / TICKS_STEP_US)
#define SILENCE_MS 25
#define STUCK_MS 1000

struct reader {
    /* The last byte is filled from the right until the burst is taken. */
    struct burst burst;
    bool disturbed;
    uint16_t edge_at;
    /* Since the last edge; stops at 255. */
    uint8_t silent_ms;
    uint16_t low_ms;
};

/* The interrupts' own; elsewhere only with interrupts off. */
static struct reader readers[WIEGAND_READERS];
static uint8_t were_low;
static uint8_t thrown_away;

static const uint8_t lines_of[WIEGAND_READERS] = {FIRST, SECOND};

static inline uint8_t settled_low(void)
{
    uint8_t low = (uint8_t)~PIND;
    _delay_us(SETTLED_US);
    return low & (uint8_t)~PIND & LINES;
}

/* Two milliseconds and more are far from the time at which the steps wrap. */
static inline bool is_the_same_pulse(const struct reader *reader, uint16_t now)
{
    return reader->silent_ms < 2 && (uint16_t)(now - reader->edge_at) < APART_STEPS;
}

static inline void add_bit(struct burst *burst, bool one)
{
    uint8_t *last = &burst->bytes[burst->bits >> 3];
    *last = (uint8_t)(*last << 1 | one);
    burst->bits++;
}

static void hear(struct reader *reader, bool one, bool both_low, uint16_t now)
{
    if (both_low) reader->disturbed = true;
    if (is_the_same_pulse(reader, now)) return;
    reader->edge_at = now;
    reader->silent_ms = 0;
    if (reader->burst.bits == WIEGAND_BYTES * 8) reader->disturbed = true;
    else add_bit(&reader->burst, one);
}

/* In a hurry: while it hears one reader, a pulse of the other may come and be gone in 20 µs. */
ISR(PCINT2_vect)
{
    uint8_t low = settled_low();
    uint8_t fallen = low & (uint8_t)~were_low;
    uint16_t now = ticks_steps();
    were_low = low;
    if (fallen & FIRST) hear(&readers[0], fallen & FIRST_D1, (low & FIRST) == FIRST, now);
    if (fallen & SECOND) hear(&readers[1], fallen & SECOND_D1, (low & SECOND) == SECOND, now);
}

void wiegand_begin(void)
{
    for (uint8_t at = 0; at < WIEGAND_READERS; at++) readers[at].silent_ms = UINT8_MAX;
    DDRD &= (uint8_t)~LINES;
    PORTD |= LINES;
    PCMSK2 = LINES;
    PCICR = _BV(PCIE2);
}

void wiegand_tick(void)
{
    uint8_t low = (uint8_t)~PIND;
    for (uint8_t at = 0; at < WIEGAND_READERS; at++) {
        struct reader *reader = &readers[at];
        if (reader->silent_ms < UINT8_MAX) reader->silent_ms++;
        if (!(low & lines_of[at])) reader->low_ms = 0;
        else if (reader->low_ms < STUCK_MS) reader->low_ms++;
    }
}

static void align_left(struct burst *burst)
{
    uint8_t in_last = burst->bits & 7;
    if (in_last > 0) burst->bytes[burst->bits >> 3] <<= 8 - in_last;
}

bool wiegand_take(uint8_t at, struct burst *burst)
{
    struct reader *reader = &readers[at];
    bool is_whole = false;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE)
    {
        if (reader->burst.bits > 0 && reader->silent_ms >= SILENCE_MS) {
            *burst = reader->burst;
            is_whole = !reader->disturbed;
            memset(&reader->burst, 0, sizeof reader->burst);
            reader->disturbed = false;
            if (!is_whole) thrown_away++;
        }
    }
    if (is_whole) align_left(burst);
    return is_whole;
}

bool wiegand_is_stuck(uint8_t at)
{
    bool is_stuck;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) { is_stuck = readers[at].low_ms >= STUCK_MS; }
    return is_stuck;
}

uint8_t wiegand_disturbed(void)
{
    uint8_t count;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) { count = thrown_away; }
    return count;
}
