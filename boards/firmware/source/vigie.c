#include "vigie.h"

#include "analog.h"
#include "board.h"
#include "crc7.h"
#include "eeprom.h"
#include "host.h"
#include "pins.h"
#include "wire.h"

enum {
    VERSION = 0x01,
    HOST_WATCHDOG = 0x02,
    REST_LEVEL = 0x03,
    CHECKSUMMED_ANALOG = 0x04,
    OUTPUTS_AT_REST = 0x05,
    ANALOG_REPORT = 0x06,
    HEARTBEAT = 0x07,
};

enum { REASON_HOST_SILENT = 1 };
enum { FLAG_RESTARTED = 1, FLAG_AT_REST = 2 };

static bool restarted = true;
static uint8_t sequence;

static void begin(uint8_t command)
{
    wire_begin(VIGIE);
    wire_byte(command);
}

/* A byte that the check covers. */
static uint8_t checked(uint8_t crc, uint8_t byte)
{
    wire_byte(byte);
    return crc7(crc, byte & 0x7F);
}

static void end(uint8_t crc)
{
    wire_byte(crc);
    wire_end();
}

static bool tell_version(void)
{
    begin(VERSION);
    wire_byte(VERSION_MAJOR);
    wire_byte(VERSION_MINOR);
    wire_end();
    return true;
}

static bool arm_host_watchdog(uint8_t tenths)
{
    host_arm(tenths);
    begin(HOST_WATCHDOG);
    wire_byte(tenths);
    wire_end();
    return true;
}

static bool keep_rest_level(uint8_t pin, uint8_t level, uint8_t crc)
{
    bool is_level = level == 0 || level == 1 || level == REST_NONE;
    if (crc7(crc7(0, pin), level) != crc || !pins_exists(pin) || !is_level) return false;
    if (!eeprom_keep_rest_level(pin, level)) {
        wire_say_number(PSTR("rest level not kept by the EEPROM, pin"), pin);
        return true;
    }
    pins_note_rest_levels();
    begin(REST_LEVEL);
    end(checked(checked(0, pin), level));
    return true;
}

static bool set_checksummed_analog(uint8_t interval_ms)
{
    if (interval_ms > 0 && interval_ms < INTERVAL_MS_MIN) return false;
    if (interval_ms > 0) analog_set_interval(interval_ms);
    analog_set_checksummed(interval_ms > 0);
    begin(CHECKSUMMED_ANALOG);
    wire_byte(interval_ms);
    wire_end();
    return true;
}

static bool answer_heartbeat(uint8_t nonce)
{
    uint8_t flags = (restarted ? FLAG_RESTARTED : 0) | (host_is_silent() ? FLAG_AT_REST : 0);
    restarted = false;
    begin(HEARTBEAT);
    end(checked(checked(0, nonce), flags));
    return true;
}

bool vigie_take(const uint8_t *content, uint8_t length)
{
    if (length == 0) return false;
    uint8_t arguments = length - 1;
    switch (content[0]) {
    case VERSION:
        return arguments == 0 && tell_version();
    case HOST_WATCHDOG:
        return arguments == 1 && arm_host_watchdog(content[1]);
    case REST_LEVEL:
        return arguments == 3 && keep_rest_level(content[1], content[2], content[3]);
    case CHECKSUMMED_ANALOG:
        return arguments == 1 && set_checksummed_analog(content[1]);
    case HEARTBEAT:
        return arguments == 1 && answer_heartbeat(content[1]);
    default:
        return false;
    }
}

void vigie_tell_host_silent(void)
{
    begin(OUTPUTS_AT_REST);
    wire_byte(REASON_HOST_SILENT);
    wire_end();
}

static uint8_t count_of(uint16_t channels)
{
    uint8_t count = 0;
    for (; channels; channels &= channels - 1) count++;
    return count;
}

void vigie_report_analog(uint16_t channels, const uint16_t *values)
{
    begin(ANALOG_REPORT);
    uint8_t crc = checked(checked(0, sequence), count_of(channels));
    for (uint8_t channel = 0; channel < BOARD_CHANNELS; channel++) {
        if (!(channels & ((uint16_t)1 << channel))) continue;
        crc = checked(crc, channel);
        crc = checked(crc, (uint8_t)values[channel]);
        crc = checked(crc, (uint8_t)(values[channel] >> 7));
    }
    end(crc);
    sequence = (sequence + 1) & 0x7F;
}

void vigie_note_restart(void)
{
    restarted = true;
}
