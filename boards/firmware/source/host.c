#include "host.h"

#include "pins.h"
#include "ticks.h"
#include "vigie.h"

static uint16_t limit_ms;
static uint16_t heard_ms;
static bool silent;

void host_arm(uint8_t tenths)
{
    limit_ms = (uint16_t)tenths * 100;
    silent = false;
    host_is_heard();
}

void host_is_heard(void)
{
    heard_ms = ticks_ms();
}

bool host_is_silent(void)
{
    return silent;
}

void host_turn(void)
{
    bool armed = limit_ms > 0 && !silent;
    if (!armed || (uint16_t)(ticks_ms() - heard_ms) < limit_ms) return;
    silent = true;
    pins_outputs_to_rest();
    vigie_tell_host_silent();
}
