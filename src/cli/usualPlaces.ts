/** Where an installed Vigie has its site's file and its data, as the service is given them. */
export const USUAL_CONFIG = '/etc/vigie/site.yaml';
export const USUAL_DATA = '/var/lib/vigie';
