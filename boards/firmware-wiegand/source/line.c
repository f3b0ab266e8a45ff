#include "line.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>
#include <util/crc16.h>

#define BAUD 57600UL
/* Double speed comes nearest: 57143 baud, 0.8 % slow, as every Arduino has it. */
#define DIVIDER ((F_CPU + BAUD * 4) / (BAUD * 8) - 1)

#define LISTEN (_BV(RXEN0) | _BV(TXEN0) | _BV(RXCIE0))
#define LISTEN_AND_SEND (LISTEN | _BV(UDRIE0))

#define SYNC 0xA5
#define CRC_START 0xFFFF
/* Length, kind and the two bytes of the check. */
#define AROUND_PAYLOAD 4

/* Rings of 256 bytes wrap by themselves; one place stays free, to tell full from empty. */
static volatile uint8_t received[256];
static volatile uint8_t received_head, received_tail;
static volatile uint8_t waiting[256];
static volatile uint8_t waiting_head, waiting_tail;

/* A byte that finds no room, or that came damaged, costs its frame: the check will tell. */
ISR(USART_RX_vect)
{
    bool is_damaged = UCSR0A & (_BV(FE0) | _BV(DOR0));
    uint8_t byte = UDR0;
    if (is_damaged || (uint8_t)(received_head + 1) == received_tail) return;
    received[received_head] = byte;
    received_head++;
}

ISR(USART_UDRE_vect)
{
    UDR0 = waiting[waiting_tail];
    waiting_tail++;
    if (waiting_tail == waiting_head) UCSR0B = LISTEN;
}

void line_begin(void)
{
    UBRR0 = DIVIDER;
    UCSR0A = _BV(U2X0);
    UCSR0C = _BV(UCSZ01) | _BV(UCSZ00);
    UCSR0B = LISTEN;
}

static void send_byte(uint8_t byte)
{
    while ((uint8_t)(waiting_head + 1) == waiting_tail) {
        /* The interrupt makes room. */
    }
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE)
    {
        waiting[waiting_head] = byte;
        waiting_head++;
        UCSR0B = LISTEN_AND_SEND;
    }
}

static uint16_t send_counted(uint16_t crc, uint8_t byte)
{
    send_byte(byte);
    return _crc_xmodem_update(crc, byte);
}

void line_send(uint8_t kind, const uint8_t *payload, uint8_t length)
{
    send_byte(SYNC);
    uint16_t crc = send_counted(CRC_START, length);
    crc = send_counted(crc, kind);
    for (uint8_t at = 0; at < length; at++) crc = send_counted(crc, payload[at]);
    send_byte((uint8_t)(crc >> 8));
    send_byte((uint8_t)crc);
}

/* What has come of a frame behind its sync, as far as `heard` bytes; UINT8_MAX: no sync yet. */
static uint8_t partial[AROUND_PAYLOAD + LINE_PAYLOAD_MAX];
static uint8_t heard = UINT8_MAX;

static bool is_right(uint8_t length)
{
    uint16_t crc = CRC_START;
    for (uint8_t at = 0; at < length + 2; at++) crc = _crc_xmodem_update(crc, partial[at]);
    return partial[length + 2] == crc >> 8 && partial[length + 3] == (uint8_t)crc;
}

/* True: the byte was the last of a frame, right or wrong. */
static bool takes_last(uint8_t byte)
{
    if (heard == UINT8_MAX) {
        if (byte == SYNC) heard = 0;
        return false;
    }
    partial[heard] = byte;
    heard++;
    if (partial[0] > LINE_PAYLOAD_MAX) heard = UINT8_MAX;
    return heard == partial[0] + AROUND_PAYLOAD;
}

static void copy_to(struct frame *frame)
{
    frame->length = partial[0];
    frame->kind = partial[1];
    for (uint8_t at = 0; at < frame->length; at++) frame->payload[at] = partial[2 + at];
}

bool line_hear(struct frame *frame)
{
    while (received_tail != received_head) {
        uint8_t byte = received[received_tail];
        received_tail++;
        if (!takes_last(byte)) continue;
        heard = UINT8_MAX;
        if (!is_right(partial[0])) continue;
        copy_to(frame);
        return true;
    }
    return false;
}
