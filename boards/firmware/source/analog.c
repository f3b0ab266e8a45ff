#include "analog.h"

#include <avr/interrupt.h>
#include <util/atomic.h>

#include "board.h"
#include "firmata_commands.h"
#include "ticks.h"
#include "uart.h"
#include "vigie.h"
#include "wire.h"

#define INTERVAL_MS_DEFAULT 19
#define AVERAGED 4

/* 125 kHz: above 200 kHz the converter gives less than its ten bits (datasheet, ADC prescaler). */
#define ENABLED (_BV(ADEN) | _BV(ADIE) | _BV(ADPS2) | _BV(ADPS1) | _BV(ADPS0))
#define REFERENCE_SUPPLY _BV(REFS0)

typedef uint16_t Channels; /* bit set: the channel belongs to it */

static Channels enabled;
static uint16_t interval_ms;
static uint16_t due_ms;
static bool checksummed;

/* The scan that runs: of which channels, at which one, how far. Between scans the main loop's, else the interrupt's. */
static volatile bool scanning, done;
static Channels scanned;
static uint8_t channel;
static uint8_t conversions;
static uint16_t sum;
static uint16_t values[BOARD_CHANNELS];

/* ---- in the interrupt */

static void select(void)
{
    ADMUX = REFERENCE_SUPPLY | (channel & 7);
#ifdef MUX5
    ADCSRB = channel < 8 ? 0 : _BV(MUX5);
#endif
}

static void convert(void)
{
    ADCSRA = ENABLED | _BV(ADSC);
}

/* False: there is no channel of the scan from here on. */
static bool find_channel(void)
{
    while (channel < BOARD_CHANNELS && !(scanned & ((Channels)1 << channel))) channel++;
    return channel < BOARD_CHANNELS;
}

static void measure_channel(void)
{
    conversions = 0;
    sum = 0;
    select();
    convert();
}

static void finish_channel(void)
{
    values[channel] = (sum + AVERAGED / 2) / AVERAGED;
    channel++;
    if (find_channel()) {
        measure_channel();
    } else {
        done = true;
    }
}

ISR(ADC_vect)
{
    bool settled = conversions > 0;
    if (settled) sum += ADC;
    conversions++;
    if (conversions > AVERAGED) {
        finish_channel();
    } else {
        convert();
    }
}

/* ---- in the main loop */

void analog_begin(void)
{
    ADCSRA = ENABLED;
    analog_forget();
}

void analog_forget(void)
{
    enabled = 0;
    interval_ms = INTERVAL_MS_DEFAULT;
    checksummed = false;
}

static void set_digital_buffer(uint8_t of, bool wanted)
{
    uint8_t bit = (uint8_t)(1 << (of & 7));
#ifdef DIDR2
    volatile uint8_t *disabled = of < 8 ? &DIDR0 : &DIDR2;
#else
    volatile uint8_t *disabled = &DIDR0;
#endif
    if (wanted) {
        *disabled &= (uint8_t)~bit;
    } else {
        *disabled |= bit;
    }
}

void analog_report(uint8_t of, bool wanted)
{
    set_digital_buffer(of, !wanted);
    if (!wanted) {
        enabled &= ~((Channels)1 << of);
        return;
    }
    enabled |= (Channels)1 << of;
    due_ms = ticks_ms();
}

void analog_set_interval(uint16_t wanted_ms)
{
    interval_ms = wanted_ms < INTERVAL_MS_MIN ? INTERVAL_MS_MIN : wanted_ms;
    due_ms = ticks_ms();
}

void analog_set_checksummed(bool wanted)
{
    checksummed = wanted;
}

static bool is_due(void)
{
    return (int16_t)(ticks_ms() - due_ms) >= 0;
}

static void start_scan(void)
{
    due_ms += interval_ms;
    if (is_due()) due_ms = ticks_ms() + interval_ms;
    scanned = enabled;
    channel = 0;
    scanning = find_channel();
    if (scanning) measure_channel();
}

static void report_plainly(Channels reported)
{
    for (uint8_t of = 0; of < BOARD_CHANNELS; of++) {
        if (!(reported & ((Channels)1 << of))) continue;
        uart_send(ANALOG_MESSAGE | of);
        wire_pair(values[of]);
    }
}

static void report(void)
{
    Channels reported = scanned & enabled;
    scanning = done = false;
    if (reported == 0) return;
    if (checksummed) {
        vigie_report_analog(reported, values);
    } else {
        report_plainly(reported);
    }
}

void analog_turn(void)
{
    if (done) report();
    if (!scanning && enabled != 0 && is_due()) start_scan();
}
