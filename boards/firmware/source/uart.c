#include "uart.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>

#include "board.h"

#define BAUD 57600UL
/* Double speed comes nearest: 57143 baud, 0.8 % slow, as every Arduino has it. */
#define DIVIDER ((F_CPU + BAUD * 4) / (BAUD * 8) - 1)

#define LISTEN (_BV(RXEN0) | _BV(TXEN0) | _BV(RXCIE0))
#define LISTEN_AND_SEND (LISTEN | _BV(UDRIE0))

/* Rings of 256 bytes wrap by themselves; one place stays free, to tell full from empty. */
static volatile uint8_t received[256];
static volatile uint8_t received_head, received_tail;
static volatile uint8_t waiting[256];
static volatile uint8_t waiting_head, waiting_tail;

static volatile uint8_t overflowed, damaged;
static bool gap;

static void count(volatile uint8_t *counter)
{
    if (*counter < UINT8_MAX) (*counter)++;
}

static uint8_t room(void)
{
    return (uint8_t)(received_tail - received_head - 1);
}

static void keep(uint8_t byte)
{
    received[received_head] = byte;
    received_head++;
}

ISR(BOARD_RECEIVED_vect)
{
    uint8_t status = UCSR0A;
    uint8_t byte = UDR0;
    bool is_damaged = status & (_BV(FE0) | _BV(DOR0));
    if (is_damaged) count(&damaged);
    gap = gap || is_damaged;
    if (room() < 2) {
        count(&overflowed);
        gap = true;
        return;
    }
    if (gap) keep(UART_GAP);
    gap = false;
    if (!is_damaged) keep(byte);
}

ISR(BOARD_SENT_vect)
{
    UDR0 = waiting[waiting_tail];
    waiting_tail++;
    if (waiting_tail == waiting_head) UCSR0B = LISTEN;
}

void uart_begin(void)
{
    UBRR0 = DIVIDER;
    UCSR0A = _BV(U2X0);
    UCSR0C = _BV(UCSZ01) | _BV(UCSZ00);
    UCSR0B = LISTEN;
}

bool uart_receive(uint8_t *byte)
{
    if (received_tail == received_head) return false;
    *byte = received[received_tail];
    received_tail++;
    return true;
}

void uart_send(uint8_t byte)
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

static uint8_t take(volatile uint8_t *counter)
{
    uint8_t taken;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE)
    {
        taken = *counter;
        *counter = 0;
    }
    return taken;
}

uint8_t uart_take_overflowed(void)
{
    return take(&overflowed);
}

uint8_t uart_take_damaged(void)
{
    return take(&damaged);
}
