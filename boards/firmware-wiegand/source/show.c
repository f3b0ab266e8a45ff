#include "show.h"

#include <avr/io.h>
#include <stdbool.h>
#include <string.h>

#include "ticks.h"
#include "wiegand.h"

#define GREEN 1
#define RED 2
#define BUZZER 4
#define WIRES 3
#define BEATS_MAX 9
#define HOST_SILENT_MS 5000

struct rhythm {
    uint8_t count;
    uint16_t beats_ms[BEATS_MAX];
    /* Where it is: an even beat is on. */
    uint8_t beat;
    uint16_t since_ms;
};

struct show {
    /* As it came. */
    uint8_t asked[LINE_PAYLOAD_MAX];
    uint8_t length;
    uint8_t lamps;
    struct rhythm lamp;
    struct rhythm buzzer;
};

struct wire {
    volatile uint8_t *direction;
    uint8_t mask;
};

static const struct wire wires[WIEGAND_READERS][WIRES] = {
    {{&DDRD, _BV(6)}, {&DDRD, _BV(7)}, {&DDRB, _BV(0)}},
    {{&DDRB, _BV(1)}, {&DDRB, _BV(2)}, {&DDRB, _BV(3)}},
};

static struct show shows[WIEGAND_READERS];
static uint16_t host_heard_ms;

static void pull(const struct wire *wire, bool to_ground)
{
    if (to_ground) *wire->direction |= wire->mask;
    else *wire->direction &= (uint8_t)~wire->mask;
}

static void put(uint8_t reader, uint8_t active)
{
    for (uint8_t at = 0; at < WIRES; at++) pull(&wires[reader][at], active & _BV(at));
}

static uint16_t pair_at(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static void read_rhythm(struct rhythm *rhythm, const uint8_t *bytes, uint8_t count)
{
    rhythm->count = count;
    for (uint8_t at = 0; at < count; at++) rhythm->beats_ms[at] = pair_at(bytes + 2 * at);
    rhythm->beat = 0;
    rhythm->since_ms = ticks_ms();
}

/* A beat of no length, which would be steady, is passed over; so is a rhythm of nothing but such. */
static bool is_on(struct rhythm *rhythm)
{
    for (uint8_t turns = 0; turns < rhythm->count; turns++) {
        uint16_t length_ms = rhythm->beats_ms[rhythm->beat];
        if ((uint16_t)(ticks_ms() - rhythm->since_ms) < length_ms) break;
        rhythm->since_ms += length_ms;
        rhythm->beat = (uint8_t)((rhythm->beat + 1) % rhythm->count);
    }
    return rhythm->count > 0 && rhythm->beat % 2 == 0;
}

static bool is_valid(const struct frame *frame)
{
    uint8_t reader = frame->payload[0];
    return frame->length >= 6 && frame->length % 2 == 0 && reader >= 1 && reader <= WIEGAND_READERS;
}

void show_take(const struct frame *frame)
{
    if (!is_valid(frame)) return;
    struct show *show = &shows[frame->payload[0] - 1];
    if (show->length == frame->length && memcmp(show->asked, frame->payload, frame->length) == 0) return;
    show->length = frame->length;
    memcpy(show->asked, frame->payload, frame->length);
    show->lamps = show->asked[1] & (GREEN | RED);
    read_rhythm(&show->lamp, show->asked + 2, 2);
    read_rhythm(&show->buzzer, show->asked + 6, (uint8_t)((frame->length - 6) / 2));
}

static void forget(void)
{
    memset(shows, 0, sizeof shows);
}

void show_turn(void)
{
    if ((uint16_t)(ticks_ms() - host_heard_ms) >= HOST_SILENT_MS) {
        forget();
        show_host_heard();
    }
    for (uint8_t reader = 0; reader < WIEGAND_READERS; reader++) {
        struct show *show = &shows[reader];
        uint8_t lamps = is_on(&show->lamp) ? show->lamps : 0;
        put(reader, lamps | (is_on(&show->buzzer) ? BUZZER : 0));
    }
}

void show_host_heard(void)
{
    host_heard_ms = ticks_ms();
}
