// deadline: 400s
// alone
/** The whole product over the GPIO character device. */
import { productStories } from './productStories.ts';

productStories('character-device');
