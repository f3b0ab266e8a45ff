/* Between two Wiegand readers and Vigie: what the readers say in pulses goes on as frames, and what they shall show comes back. */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
#include <avr/wdt.h>
#include <string.h>

#include "line.h"
#include "show.h"
#include "ticks.h"
#include "wiegand.h"

#define PROTOCOL 1
#define FIRMWARE_MAJOR 1
#define FIRMWARE_MINOR 0

#define HEARTBEAT_MS 1000

#define FLAG_RESTARTED 0x01
#define FLAG_BY_WATCHDOG 0x02
#define FLAG_FIRST_STUCK 0x10

static uint8_t reset_cause __attribute__((section(".noinit")));

/* First of all after a reset: a reset by the watchdog leaves it running, at its shortest. */
static void note_reset(void) __attribute__((naked, used, section(".init3")));
static void note_reset(void)
{
    reset_cause = MCUSR;
    MCUSR = 0;
    wdt_disable();
}

static void tell_version(void)
{
    static const uint8_t version[] = {PROTOCOL, FIRMWARE_MAJOR, FIRMWARE_MINOR};
    line_send(KIND_VERSION, version, sizeof version);
}

static void hear_host(void)
{
    struct frame frame;
    if (!line_hear(&frame)) return;
    show_host_heard();
    if (frame.kind == KIND_ASK_VERSION) tell_version();
    if (frame.kind == KIND_SHOW) show_take(&frame);
}

static void tell_burst(uint8_t reader)
{
    struct burst burst;
    uint8_t payload[2 + WIEGAND_BYTES];
    if (!wiegand_take(reader, &burst)) return;
    payload[0] = (uint8_t)(reader + 1);
    payload[1] = burst.bits;
    memcpy(payload + 2, burst.bytes, WIEGAND_BYTES);
    line_send(KIND_BURST, payload, (uint8_t)(2 + (burst.bits + 7) / 8));
}

static uint8_t flags_now(void)
{
    static bool has_told_restart;
    uint8_t flags = 0;
    for (uint8_t at = 0; at < WIEGAND_READERS; at++) {
        if (wiegand_is_stuck(at)) flags |= (uint8_t)(FLAG_FIRST_STUCK << at);
    }
    if (has_told_restart) return flags;
    has_told_restart = true;
    return flags | FLAG_RESTARTED | (reset_cause & _BV(WDRF) ? FLAG_BY_WATCHDOG : 0);
}

static void beat(void)
{
    static uint16_t beaten_ms;
    uint16_t now_ms = ticks_ms();
    if ((uint16_t)(now_ms - beaten_ms) < HEARTBEAT_MS) return;
    beaten_ms = now_ms;
    const uint8_t payload[] = {flags_now(), wiegand_disturbed()};
    line_send(KIND_HEARTBEAT, payload, sizeof payload);
}

static void turn(void)
{
    wdt_reset();
    hear_host();
    for (uint8_t reader = 0; reader < WIEGAND_READERS; reader++) tell_burst(reader);
    beat();
    show_turn();
}

int main(void)
{
    wiegand_begin();
    line_begin();
    ticks_begin();
    wdt_enable(WDTO_500MS);
    set_sleep_mode(SLEEP_MODE_IDLE);
    sei();
    tell_version();
    for (;;) {
        turn();
        /* Until any interrupt, at the latest the next tick. */
        sleep_mode();
    }
}
