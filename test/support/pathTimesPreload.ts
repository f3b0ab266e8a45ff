/**
 * Loaded into a controller with `node --import`: the waits of its path to the centre are those of VIGIE_TEST_PATH_TIMES,
 * JSON of some of `PathConfig`, so that a test sees in seconds what takes minutes.
 */
import { pathDefaults } from '../../src/paths/mqtt/types.ts';

Object.assign(pathDefaults, JSON.parse(process.env['VIGIE_TEST_PATH_TIMES'] ?? '{}'));
