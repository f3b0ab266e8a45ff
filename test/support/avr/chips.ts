/**
 * The two chips, as the Arduino boards wire them: which port and bit each Arduino pin is, where registers and interrupts lie.
 *
 * avr8js knows the ATmega328P. The registers used here lie at the same addresses in the ATmega2560; its interrupt vectors,
 * ports and analog channels are given below from its datasheet, so the same peripherals serve both.
 */
import * as avr from 'avr8js';

export type ChipName = 'atmega328p' | 'atmega2560';

export type Place = { readonly port: number; readonly bit: number };

export type Chip = {
  readonly flashBytes: number;
  /** Memory beyond the first 256 bytes of registers. */
  readonly sramBytes: number;
  /** Where memory that survives a reset starts. */
  readonly sramStart: number;
  readonly eepromBytes: number;
  readonly ports: readonly avr.AVRPortConfig[];
  /** By Arduino pin; `port` is an index into `ports`. */
  readonly pins: readonly Place[];
  readonly firstAnalogPin: number;
  readonly usart: typeof avr.usart0Config;
  readonly timer: typeof avr.timer1Config;
  readonly adc: avr.ADCConfig;
  readonly eeprom: avr.AVREEPROMConfig;
  readonly watchdog: avr.WatchdogConfig;
};

/** `D0-7` is eight pins in rising order, `C7-0` in falling. */
const run = (letters: string, text: string): readonly Place[] => {
  const [letter = '', from = '', to = from] = /^([A-L])(\d)(?:-(\d))?$/.exec(text)?.slice(1) ?? [];
  const step = Number(to) < Number(from) ? -1 : 1;
  const count = Math.abs(Number(to) - Number(from)) + 1;
  return Array.from({ length: count }, (_none, index) => ({ port: letters.indexOf(letter), bit: Number(from) + step * index }));
};

const pinsOf = (letters: string, runs: string): readonly Place[] => runs.split(' ').flatMap((text) => run(letters, text));

const channelsOf = (count: number): avr.ADCMuxConfiguration =>
  Object.fromEntries(
    Array.from({ length: count }, (_none, channel) => [
      channel < 8 ? channel : 0x20 | (channel - 8),
      { type: avr.ADCMuxInputType.SingleEnded, channel },
    ]),
  );

const { portAConfig, portBConfig, portCConfig, portDConfig, portEConfig, portFConfig } = avr;
const { portGConfig, portHConfig, portJConfig, portKConfig, portLConfig } = avr;

const ATMEGA328P: Chip = {
  flashBytes: 0x8000,
  sramBytes: 0x800,
  sramStart: 0x100,
  eepromBytes: 0x400,
  ports: [portBConfig, portCConfig, portDConfig],
  pins: pinsOf('BCD', 'D0-7 B0-5 C0-5'),
  firstAnalogPin: 14,
  usart: avr.usart0Config,
  timer: avr.timer1Config,
  adc: avr.adcConfig,
  eeprom: avr.eepromConfig,
  watchdog: avr.watchdogConfig,
};

/** Word addresses of the interrupt vectors: datasheet ATmega640/1280/1281/2560/2561, table 14-1. */
const ATMEGA2560: Chip = {
  flashBytes: 0x4_0000,
  sramBytes: 0x2100,
  sramStart: 0x200,
  eepromBytes: 0x1000,
  ports: [portAConfig, portBConfig, portCConfig, portDConfig, portEConfig, portFConfig].concat([
    portGConfig,
    portHConfig,
    portJConfig,
    portKConfig,
    portLConfig,
  ]),
  pins: pinsOf('ABCDEFGHJKL', ['E0-1 E4-5 G5 E3 H3-6 B4-7 J1-0 H1-0 D3-0 A0-7', 'C7-0 D7 G2-0 L7-0 B3-0 F0-7 K0-7'].join(' ')),
  firstAnalogPin: 54,
  usart: { ...avr.usart0Config, rxCompleteInterrupt: 0x32, dataRegisterEmptyInterrupt: 0x34, txCompleteInterrupt: 0x36 },
  timer: { ...avr.timer1Config, captureInterrupt: 0x20, compAInterrupt: 0x22, compBInterrupt: 0x24, ovfInterrupt: 0x28 },
  adc: { ...avr.adcConfig, adcInterrupt: 0x3a, numChannels: 16, muxInputMask: 0x3f, muxChannels: channelsOf(16) },
  eeprom: { ...avr.eepromConfig, eepromReadyInterrupt: 0x3c },
  watchdog: { ...avr.watchdogConfig, watchdogInterrupt: 0x18 },
};

export const CHIPS: Readonly<Record<ChipName, Chip>> = { atmega328p: ATMEGA328P, atmega2560: ATMEGA2560 };
