/* Vigie's expander: an Arduino that speaks Firmata, and that falls back to rest when it or its host fails. */
#include <avr/interrupt.h>
#include <avr/sleep.h>

#include "analog.h"
#include "board.h"
#include "eeprom.h"
#include "firmata.h"
#include "host.h"
#include "inputs.h"
#include "pins.h"
#include "ticks.h"
#include "uart.h"
#include "watchdog.h"
#include "wire.h"

#define LOSSES_TOLD_EVERY_MS 1000

static void tell_if_any(PGM_P text, uint8_t number)
{
    if (number > 0) wire_say_number(text, number);
}

static void tell_losses(void)
{
    static uint16_t told_ms;
    uint16_t now_ms = ticks_ms();
    if ((uint16_t)(now_ms - told_ms) < LOSSES_TOLD_EVERY_MS) return;
    told_ms = now_ms;
    tell_if_any(PSTR("received bytes lost:"), uart_take_overflowed());
    tell_if_any(PSTR("received bytes damaged:"), uart_take_damaged());
    tell_if_any(PSTR("samples without room for a change:"), inputs_take_overflowed());
}

static uint8_t corrupt_rest_levels(void)
{
    uint8_t count = 0;
    for (uint8_t pin = BOARD_FIRST_FREE_PIN; pin < BOARD_PINS; pin++) count += eeprom_is_corrupt(pin);
    return count;
}

static void introduce(void)
{
    firmata_introduce();
    if (watchdog_has_bitten()) wire_say(PSTR("restarted by the watchdog: the firmware had hung"));
    tell_if_any(PSTR("rest levels unreadable:"), corrupt_rest_levels());
}

/* One message at most, so that a turn is never longer than the longest answer. */
static void hear_host(void)
{
    uint8_t byte;
    while (uart_receive(&byte)) {
        if (firmata_take(byte)) return;
    }
}

static void turn(void)
{
    watchdog_feed();
    hear_host();
    host_turn();
    inputs_turn();
    analog_turn();
    tell_losses();
}

int main(void)
{
    pins_begin();
    uart_begin();
    analog_begin();
    ticks_begin();
    watchdog_begin();
    introduce();
    set_sleep_mode(SLEEP_MODE_IDLE);
    for (;;) {
        turn();
        /* Until any interrupt, at the latest the next tick. */
        sleep_mode();
    }
}
