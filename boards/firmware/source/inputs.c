#include "inputs.h"

#include <util/atomic.h>

#include "board.h"
#include "firmata_commands.h"
#include "pins.h"
#include "uart.h"
#include "wire.h"

#define RING_CHANGES 64

typedef struct {
    uint8_t port;
    uint8_t levels;
} Change;

static volatile uint8_t watched[BOARD_PORTS];
static uint8_t sampled[BOARD_PORTS];
static Change ring[RING_CHANGES];
static volatile uint8_t head, tail;
static volatile uint8_t overflowed;

/* What has been taken out of the ring, and what the host was told of it. */
static uint8_t seen[BOARD_PORTS];
static uint8_t told[BOARD_GROUPS];
static bool reported[BOARD_GROUPS];

/* ---- in the interrupt */

static uint8_t after(uint8_t place)
{
    return (place + 1) % RING_CHANGES;
}

static bool keep(uint8_t port, uint8_t levels)
{
    if (after(head) == tail) return false;
    ring[head] = (Change){port, levels};
    head = after(head);
    return true;
}

static void sample(uint8_t port)
{
    uint8_t levels = *pins_levels(port) & watched[port];
    if (levels == sampled[port]) return;
    if (keep(port, levels)) {
        sampled[port] = levels;
    } else if (overflowed < UINT8_MAX) {
        overflowed++;
    }
}

void inputs_sample(void)
{
    for (uint8_t port = 0; port < BOARD_PORTS; port++) sample(port);
}

/* ---- in the main loop */

void inputs_watch(uint8_t pin, bool wanted)
{
    uint8_t place = pins_place(pin);
    uint8_t bit = (uint8_t)(1 << (place & 7));
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE)
    {
        if (wanted) {
            watched[place >> 3] |= bit;
        } else {
            watched[place >> 3] &= (uint8_t)~bit;
        }
    }
}

static uint8_t levels_of(uint8_t group)
{
    uint8_t levels = 0;
    for (uint8_t bit = 0; bit < 8 && group * 8 + bit < BOARD_PINS; bit++) {
        uint8_t place = pins_place(group * 8 + bit);
        if (seen[place >> 3] & (1 << (place & 7))) levels |= (uint8_t)(1 << bit);
    }
    return levels;
}

static void tell(uint8_t group)
{
    told[group] = levels_of(group);
    uart_send(DIGITAL_MESSAGE | group);
    wire_pair(told[group]);
}

static void tell_changed_groups(void)
{
    for (uint8_t group = 0; group < BOARD_GROUPS; group++) {
        if (reported[group] && levels_of(group) != told[group]) tell(group);
    }
}

static bool take(void)
{
    if (tail == head) return false;
    seen[ring[tail].port] = ring[tail].levels;
    tail = after(tail);
    return true;
}

void inputs_turn(void)
{
    if (take()) tell_changed_groups();
}

void inputs_report(uint8_t group, bool wanted)
{
    reported[group] = false;
    if (!wanted) return;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) { inputs_sample(); }
    while (take()) tell_changed_groups();
    reported[group] = true;
    tell(group);
}

void inputs_forget(void)
{
    for (uint8_t group = 0; group < BOARD_GROUPS; group++) reported[group] = false;
}

uint8_t inputs_take_overflowed(void)
{
    uint8_t taken;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE)
    {
        taken = overflowed;
        overflowed = 0;
    }
    return taken;
}
