#include "parser.h"

#include "firmata_commands.h"
#include "wire.h"

/* No command, or one that is not known: its data are passed over. */
#define NONE 0

static uint8_t command = NONE;
static uint8_t data[SYSEX_BYTES_MAX];
static uint8_t length;
static bool too_long;

/* Data bytes that follow a command; undefined for others. */
static uint8_t data_bytes_of(uint8_t of)
{
    switch (command_kind(of)) {
    case DIGITAL_MESSAGE:
    case ANALOG_MESSAGE:
    case SET_PIN_MODE:
    case SET_DIGITAL_PIN:
        return 2;
    case REPORT_ANALOG:
    case REPORT_DIGITAL:
        return 1;
    default:
        return 0;
    }
}

static bool is_known(uint8_t of)
{
    return data_bytes_of(of) > 0 || of == REPORT_VERSION || of == SYSTEM_RESET;
}

static Found finish_sysex(void)
{
    bool in_sysex = command == SYSEX_START;
    command = NONE;
    if (!in_sysex || length == 0) return NOTHING_YET;
    return too_long ? SYSEX_TOO_LONG : SYSEX;
}

static Found start(uint8_t with)
{
    command = is_known(with) || with == SYSEX_START ? with : NONE;
    length = 0;
    too_long = false;
    return is_known(with) && data_bytes_of(with) == 0 ? MESSAGE : NOTHING_YET;
}

static void keep(uint8_t byte)
{
    if (length == SYSEX_BYTES_MAX) {
        too_long = true;
        return;
    }
    data[length] = byte;
    length++;
}

static Found take_data(uint8_t byte)
{
    if (command == NONE) return NOTHING_YET;
    bool is_complete_already = command != SYSEX_START && length == data_bytes_of(command);
    if (is_complete_already) return NOTHING_YET;
    keep(byte);
    return command != SYSEX_START && length == data_bytes_of(command) ? MESSAGE : NOTHING_YET;
}

Found parser_take(uint8_t byte)
{
    if (byte < 0x80) return take_data(byte);
    return byte == SYSEX_END ? finish_sysex() : start(byte);
}

uint8_t parser_command(void)
{
    return command == NONE ? data[0] : command;
}

const uint8_t *parser_data(void)
{
    return command == NONE ? data + 1 : data;
}

uint8_t parser_length(void)
{
    return command == NONE ? length - 1 : length;
}
