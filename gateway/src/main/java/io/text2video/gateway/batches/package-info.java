/** Batches: many requests that were accepted at once, and are submitted bit by bit, whichever gateways come and go. */
package io.text2video.gateway.batches;
