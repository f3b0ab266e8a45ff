// deadline: 400s
// alone
/** The whole product over sysfs and onoff. */
import { productStories } from './productStories.ts';

productStories('onoff');
