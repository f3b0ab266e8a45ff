#include "pins.h"

#include <avr/pgmspace.h>

#include "board.h"
#include "eeprom.h"
#include "inputs.h"

typedef volatile uint8_t *Register;

static const Register ports[BOARD_PORTS] PROGMEM = BOARD_PORT_TABLE;
static const uint8_t places[BOARD_PINS] PROGMEM = BOARD_PIN_TABLE;

static uint8_t modes[BOARD_PINS];
/* Bit set: an input just declared, which still takes a pull-up from a digital write. */
static uint8_t unsettled[BOARD_GROUPS];
static bool is_plain;

/* ---- the chip's registers */

uint8_t pins_place(uint8_t pin)
{
    return pgm_read_byte(&places[pin]);
}

volatile uint8_t *pins_levels(uint8_t port)
{
    return (Register)pgm_read_ptr(&ports[port]);
}

static Register levels_of(uint8_t pin)
{
    return pins_levels(pins_place(pin) >> 3);
}

static Register direction_of(uint8_t pin)
{
    return levels_of(pin) + 1;
}

static Register latch_of(uint8_t pin)
{
    return levels_of(pin) + 2;
}

static uint8_t bit_of(uint8_t pin)
{
    return (uint8_t)(1 << (pins_place(pin) & 7));
}

static void set(Register place, uint8_t bit, bool value)
{
    if (value) {
        *place |= bit;
    } else {
        *place &= (uint8_t)~bit;
    }
}

static void drive(uint8_t pin, bool level)
{
    set(latch_of(pin), bit_of(pin), level);
    set(direction_of(pin), bit_of(pin), true);
}

static void listen(uint8_t pin, bool pullup)
{
    set(direction_of(pin), bit_of(pin), false);
    set(latch_of(pin), bit_of(pin), pullup);
}

static bool is_driven(uint8_t pin)
{
    return *direction_of(pin) & bit_of(pin);
}

/* ---- rest */

static void to_rest(uint8_t pin)
{
    uint8_t level = eeprom_rest_level(pin);
    if (level == REST_NONE) {
        listen(pin, false);
    } else {
        drive(pin, level);
    }
}

void pins_to_rest(void)
{
    for (uint8_t pin = BOARD_FIRST_FREE_PIN; pin < BOARD_PINS; pin++) to_rest(pin);
}

static void note_mode(uint8_t pin)
{
    modes[pin] = is_driven(pin) ? MODE_OUTPUT : MODE_IDLE;
}

void pins_note_rest_levels(void)
{
    is_plain = true;
    for (uint8_t pin = BOARD_FIRST_FREE_PIN; pin < BOARD_PINS; pin++) {
        if (eeprom_rest_level(pin) != REST_NONE) is_plain = false;
    }
}

void pins_begin(void)
{
    pins_note_rest_levels();
    for (uint8_t pin = 0; pin < BOARD_PINS; pin++) {
        note_mode(pin);
        inputs_watch(pin, false);
    }
    for (uint8_t group = 0; group < BOARD_GROUPS; group++) unsettled[group] = 0;
}

void pins_outputs_to_rest(void)
{
    for (uint8_t pin = BOARD_FIRST_FREE_PIN; pin < BOARD_PINS; pin++) {
        if (modes[pin] != MODE_OUTPUT) continue;
        to_rest(pin);
        note_mode(pin);
    }
}

/* ---- modes */

bool pins_exists(uint8_t pin)
{
    return pin >= BOARD_FIRST_FREE_PIN && pin < BOARD_PINS;
}

bool pins_has_channel(uint8_t pin)
{
    return pin >= BOARD_FIRST_ANALOG_PIN && pin < BOARD_PINS;
}

bool pins_offers(uint8_t pin, uint8_t mode)
{
    if (mode == MODE_ANALOG) return pins_has_channel(pin);
    return pins_exists(pin) && (mode == MODE_INPUT || mode == MODE_OUTPUT || mode == MODE_PULLUP);
}

uint8_t pins_mode(uint8_t pin)
{
    return modes[pin];
}

static void become_output(uint8_t pin)
{
    if (is_driven(pin)) return;
    uint8_t level = eeprom_rest_level(pin);
    drive(pin, level == REST_NONE ? false : level);
}

void pins_set_mode(uint8_t pin, uint8_t mode)
{
    modes[pin] = mode;
    if (mode == MODE_OUTPUT) {
        become_output(pin);
    } else {
        listen(pin, mode == MODE_PULLUP);
    }
    set(&unsettled[pin >> 3], (uint8_t)(1 << (pin & 7)), mode == MODE_INPUT);
    inputs_watch(pin, mode == MODE_INPUT || mode == MODE_PULLUP);
}

/* ---- levels */

void pins_write(uint8_t pin, bool level)
{
    bool is_new_input = unsettled[pin >> 3] & (1 << (pin & 7));
    bool becomes_output = is_plain && level && modes[pin] == MODE_IDLE;
    if (becomes_output) modes[pin] = MODE_OUTPUT;
    if (modes[pin] == MODE_OUTPUT) {
        drive(pin, level);
    } else if (is_new_input) {
        set(latch_of(pin), bit_of(pin), level);
    }
}

void pins_settle_group(uint8_t group)
{
    unsettled[group] = 0;
}

bool pins_state(uint8_t pin)
{
    return *latch_of(pin) & bit_of(pin);
}
