#include "firmata.h"

#include "analog.h"
#include "board.h"
#include "firmata_commands.h"
#include "host.h"
#include "inputs.h"
#include "parser.h"
#include "pins.h"
#include "uart.h"
#include "vigie.h"
#include "wire.h"

#define PROTOCOL_MAJOR 2
#define PROTOCOL_MINOR 5
#define NAME PSTR("VigieExpander")

#define NO_CHANNEL 127
#define END_OF_PIN 127
#define RESOLUTION_DIGITAL 1
#define RESOLUTION_ANALOG 10

/* ---- what the board says of itself */

static bool tell_protocol(void)
{
    uart_send(REPORT_VERSION);
    wire_byte(PROTOCOL_MAJOR);
    wire_byte(PROTOCOL_MINOR);
    return true;
}

static bool tell_firmware(void)
{
    wire_begin(REPORT_FIRMWARE);
    wire_byte(VERSION_MAJOR);
    wire_byte(VERSION_MINOR);
    wire_text(NAME);
    wire_end();
    return true;
}

void firmata_introduce(void)
{
    tell_protocol();
    tell_firmware();
}

static void tell_capability(uint8_t pin, uint8_t mode, uint8_t resolution)
{
    if (!pins_offers(pin, mode)) return;
    wire_byte(mode);
    wire_byte(resolution);
}

static bool tell_capabilities(void)
{
    wire_begin(CAPABILITY_RESPONSE);
    for (uint8_t pin = 0; pin < BOARD_PINS; pin++) {
        tell_capability(pin, MODE_INPUT, RESOLUTION_DIGITAL);
        tell_capability(pin, MODE_PULLUP, RESOLUTION_DIGITAL);
        tell_capability(pin, MODE_OUTPUT, RESOLUTION_DIGITAL);
        tell_capability(pin, MODE_ANALOG, RESOLUTION_ANALOG);
        wire_byte(END_OF_PIN);
    }
    wire_end();
    return true;
}

static bool tell_analog_mapping(void)
{
    wire_begin(ANALOG_MAPPING_RESPONSE);
    for (uint8_t pin = 0; pin < BOARD_PINS; pin++) {
        wire_byte(pins_has_channel(pin) ? pin - BOARD_FIRST_ANALOG_PIN : NO_CHANNEL);
    }
    wire_end();
    return true;
}

static bool tell_pin_state(uint8_t pin)
{
    if (!pins_exists(pin)) return false;
    wire_begin(PIN_STATE_RESPONSE);
    wire_byte(pin);
    wire_byte(pins_mode(pin));
    wire_byte(pins_state(pin));
    wire_end();
    return true;
}

/* ---- what the host wants of the pins */

static void stop_channel_of(uint8_t pin)
{
    if (pins_mode(pin) == MODE_ANALOG) analog_report(pin - BOARD_FIRST_ANALOG_PIN, false);
}

/* An output that is at rest because the host was silent stays one until the host has armed its watchdog again. */
static bool is_held(uint8_t pin)
{
    return host_is_silent() && pins_mode(pin) == MODE_OUTPUT;
}

static bool set_mode(uint8_t pin, uint8_t mode)
{
    if (!pins_offers(pin, mode)) {
        wire_say_number(PSTR("mode refused, pin"), pin);
        return false;
    }
    if (is_held(pin)) return true;
    if (mode != MODE_ANALOG) stop_channel_of(pin);
    pins_set_mode(pin, mode);
    return true;
}

static bool write_pin(uint8_t pin, uint8_t level)
{
    if (!pins_exists(pin) || level > 1) return false;
    if (!host_is_silent()) pins_write(pin, level);
    return true;
}

static bool write_group(uint8_t group, uint16_t levels)
{
    if (group >= BOARD_GROUPS) return false;
    for (uint8_t bit = 0; bit < 8; bit++) write_pin(group * 8 + bit, (levels >> bit) & 1);
    return true;
}

static bool report_group(uint8_t group, bool wanted)
{
    if (group >= BOARD_GROUPS) return false;
    pins_settle_group(group);
    inputs_report(group, wanted);
    return true;
}

static bool report_channel(uint8_t channel, bool wanted)
{
    if (channel >= BOARD_CHANNELS) return false;
    uint8_t pin = BOARD_FIRST_ANALOG_PIN + channel;
    if (wanted && pins_mode(pin) == MODE_OUTPUT) {
        wire_say_number(PSTR("no analog report of an output, channel"), channel);
        return false;
    }
    if (wanted) pins_set_mode(pin, MODE_ANALOG);
    analog_report(channel, wanted);
    return true;
}

static bool set_interval(uint16_t interval_ms)
{
    analog_set_interval(interval_ms);
    return true;
}

/* Everything as after a reset, but for the watchdog over the host: noise that reads as this command must not end it. */
static bool forget_everything(void)
{
    analog_forget();
    inputs_forget();
    pins_to_rest();
    pins_begin();
    vigie_note_restart();
    return true;
}

/* ---- messages */

static uint16_t pair(const uint8_t *data)
{
    return data[0] | (uint16_t)data[1] << 7;
}

static bool obey_message(uint8_t command, const uint8_t *data)
{
    uint8_t place = command_place(command);
    switch (command_kind(command)) {
    case DIGITAL_MESSAGE:
        return write_group(place, pair(data));
    case REPORT_ANALOG:
        return report_channel(place, data[0]);
    case REPORT_DIGITAL:
        return report_group(place, data[0]);
    case SET_PIN_MODE:
        return set_mode(data[0], data[1]);
    case SET_DIGITAL_PIN:
        return write_pin(data[0], data[1]);
    case REPORT_VERSION:
        return tell_protocol();
    case SYSTEM_RESET:
        return forget_everything();
    default:
        wire_say(PSTR("no analog output on this board"));
        return false;
    }
}

static bool obey_sysex(uint8_t identifier, const uint8_t *data, uint8_t length)
{
    switch (identifier) {
    case VIGIE:
        return vigie_take(data, length);
    case REPORT_FIRMWARE:
        return tell_firmware();
    case CAPABILITY_QUERY:
        return length == 0 && tell_capabilities();
    case ANALOG_MAPPING_QUERY:
        return length == 0 && tell_analog_mapping();
    case PIN_STATE_QUERY:
        return length == 1 && tell_pin_state(data[0]);
    case SAMPLING_INTERVAL:
        return length == 2 && set_interval(pair(data));
    default:
        return false;
    }
}

bool firmata_take(uint8_t byte)
{
    Found found = parser_take(byte);
    if (found == NOTHING_YET) return false;
    if (found == SYSEX_TOO_LONG) wire_say(PSTR("message too long, dropped"));
    bool is_valid = (found == MESSAGE && obey_message(parser_command(), parser_data())) ||
                    (found == SYSEX && obey_sysex(parser_command(), parser_data(), parser_length()));
    if (is_valid) host_is_heard();
    return true;
}
