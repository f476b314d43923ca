/** Leaving in good order: what was begun is finished, and nothing new is begun. */
package io.text2video.gateway.shutdown;
